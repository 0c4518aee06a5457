import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type {
  CreateInfrastructureConfigurationCommandInput,
  UpdateInfrastructureConfigurationCommandInput,
} from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { iamOf } from "../iam/state.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, type Needs, on } from "./authorization.ts";
import { checkedTags, requireArn, required, requireName } from "./check-input.ts";
import { once } from "./once.ts";
import { filtered, pageOf } from "./page.ts";
import { alreadyExists, dependedOn, invalidValue, notFound } from "./refusals.ts";
import { builderState } from "./state.ts";

type Settings = UpdateInfrastructureConfigurationCommandInput | CreateInfrastructureConfigurationCommandInput;

/** The profile is read, and its role is handed to the instances (service authorization reference, Image Builder). */
const profile = (call: Call, name = "*"): Needs => {
  const { instanceProfiles, roles } = iamOf(call.aws, call.account);
  const role = roles.get(instanceProfiles.get(name)?.role ?? "");
  const arn =
    instanceProfiles.get(name)?.arn ?? `arn:${call.aws.partition}:iam::${call.account}:instance-profile/${name}`;
  return [
    { action: "iam:GetInstanceProfile", resources: [arn] },
    ...(role
      ? [{ action: "iam:PassRole", resources: [role.arn], context: { "iam:PassedToService": "ec2.amazonaws.com" } }]
      : []),
  ];
};

function checkSettings(input: Settings): void {
  required(input.instanceProfileName, "instanceProfileName");
  const { httpTokens, httpPutResponseHopLimit: hops } = input.instanceMetadataOptions ?? {};
  if (httpTokens !== undefined && !/^(optional|required)$/.test(httpTokens)) {
    throw invalidValue("instanceMetadataOptions.httpTokens", `'${httpTokens}' is not one of optional, required.`);
  }
  if (hops !== undefined && (hops < 1 || hops > 64)) {
    throw invalidValue("instanceMetadataOptions.httpPutResponseHopLimit", "It must be between 1 and 64.");
  }
}

const settingsOf = ({ clientToken: _, ...settings }: Settings): Omit<Settings, "clientToken"> =>
  structuredClone(settings);

export const operations = {
  CreateInfrastructureConfiguration: {
    authorize: (input, call) => [
      ...making(call, "infrastructure-configuration", [input.name], input.tags),
      ...profile(call, input.instanceProfileName),
    ],
    run: (input, call) =>
      once(call, "CreateInfrastructureConfiguration", input, () => {
        const name = requireName(input.name);
        checkSettings(input);
        const arn = arnOf(call, "infrastructure-configuration", normalised(name));
        const { infrastructures } = call.aws.state(builderState, call.account, call.region);
        if (infrastructures.has(arn)) throw alreadyExists("InfrastructureConfiguration", arn);
        infrastructures.set(arn, {
          terminateInstanceOnFailure: true,
          ...settingsOf(input),
          arn,
          name,
          tags: checkedTags(input.tags),
          dateCreated: new Date(call.aws.clock.now()).toISOString(),
        });
        return { requestId: call.requestId, clientToken: input.clientToken, infrastructureConfigurationArn: arn };
      }),
  },
  UpdateInfrastructureConfiguration: {
    authorize: (input, call) => [
      ...on(call, input.infrastructureConfigurationArn),
      ...profile(call, input.instanceProfileName),
    ],
    run: (input, call) =>
      once(call, "UpdateInfrastructureConfiguration", input, () => {
        const before = requireInfrastructure(call, input.infrastructureConfigurationArn);
        checkSettings(input);
        const { arn = "", name, tags, dateCreated } = before;
        const { infrastructureConfigurationArn: _, ...settings } = settingsOf(input) as typeof input;
        const { infrastructures } = call.aws.state(builderState, call.account, call.region);
        const dateUpdated = new Date(call.aws.clock.now()).toISOString();
        infrastructures.set(arn, {
          terminateInstanceOnFailure: true,
          ...settings,
          arn,
          name,
          tags,
          dateCreated,
          dateUpdated,
        });
        return { requestId: call.requestId, clientToken: input.clientToken, infrastructureConfigurationArn: arn };
      }),
  },
  GetInfrastructureConfiguration: {
    authorize: ({ infrastructureConfigurationArn }, call) => on(call, infrastructureConfigurationArn),
    run: ({ infrastructureConfigurationArn: arn }, call) => ({
      requestId: call.requestId,
      infrastructureConfiguration: structuredClone(requireInfrastructure(call, arn)),
    }),
  },
  ListInfrastructureConfigurations: {
    run(input, call) {
      const all = [...call.aws.state(builderState, call.account, call.region).infrastructures.values()];
      const { items, nextToken } = pageOf(filtered(all, input.filters, { name: (one) => one.name }), input);
      const infrastructureConfigurationSummaryList = items.map((one) => ({
        arn: one.arn,
        name: one.name,
        description: one.description,
        dateCreated: one.dateCreated,
        dateUpdated: one.dateUpdated,
        resourceTags: one.resourceTags,
        tags: { ...one.tags },
        instanceTypes: one.instanceTypes,
        instanceProfileName: one.instanceProfileName,
        placement: one.placement,
      }));
      return { requestId: call.requestId, infrastructureConfigurationSummaryList, nextToken };
    },
  },
  DeleteInfrastructureConfiguration: {
    authorize: ({ infrastructureConfigurationArn }, call) => on(call, infrastructureConfigurationArn),
    run({ infrastructureConfigurationArn }, call) {
      const { arn = "" } = requireInfrastructure(call, infrastructureConfigurationArn);
      const { infrastructures, pipelines } = call.aws.state(builderState, call.account, call.region);
      if ([...pipelines.values()].some((one) => one.infrastructureConfigurationArn === arn)) throw dependedOn(arn);
      infrastructures.delete(arn);
      return { requestId: call.requestId, infrastructureConfigurationArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireInfrastructure(call: Call, arn: string | undefined) {
  requireArn(arn, "infrastructure-configuration", "plain", "infrastructureConfigurationArn");
  const found = call.aws.state(builderState, call.account, call.region).infrastructures.get(arn ?? "");
  if (!found) throw notFound(arn ?? "");
  return found;
}
