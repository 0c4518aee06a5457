import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../../core/names.ts";
import { createdByType } from "./created-by-type.ts";
import { type PolicyArguments, policyDocument } from "./policy-document.ts";
import { type RecordedResource, type Registration, unwrapSecrets } from "./to-blueprint.ts";

/** Replaces Pulumi's engine. @returns the list to which every provider resource is added when it is registered */
export function recordResources(place: Place): readonly RecordedResource[] {
  const recorded: RecordedResource[] = [];
  const registrations = new Map<string, Registration>();
  pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs: raw, custom }) {
        if (!custom) return { id: undefined, state: {} };
        const inputs = unwrapSecrets(raw) as Record<string, unknown>;
        const registration = registrations.get(keyOf(type, name));
        if (!registration) throw new Error(`${type} ${name} was answered before it was registered.`);
        recorded.push({ type, name, inputs, ...registration });
        const region = typeof inputs.region === "string" ? inputs.region : place.region;
        const { id, ...outputs } = createdByType(type, { name, inputs, place: { ...place, region } });
        return { id, state: { ...inputs, ...outputs } };
      },
      call({ token, inputs }) {
        if (!LOOKUPS.includes(token)) return answerInvoke(token, inputs, place);
        const found = lookup(token, inputs);
        const isSame = (one: RecordedResource) => one.type === found.type && one.name === found.name;
        if (!recorded.some((one) => isSame(one) && isDeepStrictEqual(one.inputs, inputs))) recorded.push(found);
        return { ...inputs, id: `\${${found.name}.id}` };
      },
    },
    "amint",
    "production",
    false,
  );
  noteRegistrations(registrations);
  return recorded;
}

const keyOf = (type: string, name: string): string => `${type} ${name}`;

/** Mocks do not receive a resource's options and dependencies, so they are read from the request. */
function noteRegistrations(registrations: Map<string, Registration>): void {
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("Pulumi's mocks are not set.");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: Request, callback: never) => {
    registrations.set(keyOf(request.getType(), request.getName()), toRegistration(request));
    return register(request, callback);
  };
}

type Request = Parameters<NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>["registerResource"]>[0];

function toRegistration(request: Request): Registration {
  const dependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    dependencies[key] = namesOf(value.getUrnsList());
  });
  const byInputs = new Set(Object.values(dependencies).flat());
  dependencies.dependsOn = namesOf(request.getDependenciesList()).filter((name) => !byInputs.has(name));
  return {
    dependencies,
    options: {
      ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
      ...(request.getRetainondelete() && { retainOnDelete: true }),
      ...(request.getProtect() && { protect: true }),
      ...(request.getIgnorechangesList().length > 0 && { ignoreChanges: request.getIgnorechangesList() }),
    },
  };
}

/** The logical names at the end of URNs. */
const namesOf = (urns: readonly string[]): string[] => urns.map((urn) => urn.slice(urn.lastIndexOf("::") + 2));

/** Lookups in the account at deployment: the blueprint lists them as resources that others refer to. */
const LOOKUPS = [
  "aws:ec2/getAmi:getAmi",
  "aws:ec2/getVpc:getVpc",
  "aws:ec2/getSubnet:getSubnet",
  "aws:ec2/getSecurityGroup:getSecurityGroup",
];

/** Named after its kind and its arguments: `VpcAmintBuild`, `Ami136693071363Debian12Amd64AnyX8664Available`. */
function lookup(type: string, inputs: Record<string, unknown>): RecordedResource {
  const kind = type.slice(type.lastIndexOf("get") + "get".length);
  const {
    tags = {},
    owners = [],
    filters = [],
  } = inputs as {
    tags?: Record<string, string>;
    owners?: string[];
    filters?: { values: string[] }[];
  };
  const values = [...Object.values(tags), ...owners, ...filters.flatMap((filter) => filter.values)];
  const words = values.flatMap((value) =>
    value
      .replaceAll("*", "-any-")
      .replaceAll("?", "-one-")
      .split(/[^a-zA-Z0-9]+/),
  );
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return { type, name: `${kind}${name}`, inputs, dependencies: {}, options: {} };
}

/** The result of a provider's lookup that does not depend on the account. */
function answerInvoke(token: string, inputs: Record<string, unknown>, place: Place): Record<string, unknown> {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { id: place.region, name: place.region, region: place.region };
    case "aws:index/getPartition:getPartition":
      return { id: place.partition, partition: place.partition, dnsSuffix: "amazonaws.com" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { id: place.account, accountId: place.account };
    case "aws:iam/getPolicyDocument:getPolicyDocument": {
      const json = policyDocument(inputs as PolicyArguments);
      return { ...inputs, id: "policy", json, minifiedJson: json };
    }
    case "aws:ssm/getParameter:getParameter": {
      // CloudFormation's notation; the deployment looks the value up.
      const value = `{{resolve:ssm:${inputs.name}}}`;
      return { id: inputs.name, name: inputs.name, type: "String", value, insecureValue: value, version: 1 };
    }
    case "aws:iam/getRole:getRole": {
      const uniqueId = `{{resolve:iam-role-id:${inputs.name}}}`;
      return { id: inputs.name, name: inputs.name, uniqueId };
    }
    default:
      throw new Error(`The evaluator does not know the lookup ${token}; add it to record-resources.ts.`);
  }
}
