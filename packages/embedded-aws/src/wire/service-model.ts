import { NormalizedSchema } from "@smithy/core/schema";
import type { Service } from "../engine/operation.ts";
import { type FindViolations, serviceConstraints, violationFinder } from "./constraints/find-violations.ts";
import { membersOf, oncePer, requiredMembers, type Shape } from "./shape.ts";

const PROTOCOLS = ["awsJson1_0", "awsJson1_1", "awsQuery", "ec2Query", "restJson1", "restXml"] as const;

export type ProtocolName = (typeof PROTOCOLS)[number];

/** The path and parameters of a REST operation. */
export interface HttpRoute {
  readonly method: string;
  readonly path: RegExp;
  /** Names of the path's labels, in order. */
  readonly labels: readonly string[];
  /** Query fields that distinguish this operation: `list-type=2`, `policy`. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Required fields and headers, without which it is another operation: `uploadId`, `x-amz-copy-source`. */
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** Whether it acts on a bucket (S3 only: the bucket is before the path, or in the host). */
  readonly onBucket: boolean;
  readonly status: number;
}

/** From a smithy http trait, e.g. `["GET", "/{Key+}?acl", 200]`. */
function httpRoute([method, uri, status]: [string, string, number], input: Shape): HttpRoute {
  const [template = "/", query] = uri.split("?");
  const labels: string[] = [];
  const pattern = template.replace(/[.*^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)(\+?)\}/g, (_, label, greedy) => {
    labels.push(label);
    return greedy ? "(.+)" : "([^/]+)";
  });
  const members = input.isStructSchema() ? new Map(membersOf(input)) : new Map<string, Shape>();
  const required = requiredMembers(input).map((name) => members.get(name)?.getMergedTraits());
  return {
    method,
    // A trailing slash does not matter, except in an object's key.
    path: new RegExp(`^${pattern}${template.endsWith("/") || template.includes("+}") ? "" : "/?"}$`),
    labels,
    query: query === undefined ? [] : [...new URLSearchParams(query)],
    requiredQuery: required.flatMap((traits) => traits?.httpQuery ?? []),
    requiredHeaders: required.flatMap((traits) => traits?.httpHeader?.toLowerCase() ?? []),
    onBucket: Boolean(members.get("Bucket")?.getMergedTraits().httpLabel) && !labels.includes("Bucket"),
    status,
  };
}

export interface OperationModel {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Only in REST protocols. */
  readonly route: HttpRoute | undefined;
}

export interface ErrorModel {
  /** The shape's name, which JSON protocols send. */
  readonly code: string;
  /** The code in query protocols, if different. */
  readonly queryCode: string;
  readonly status: number;
  /** `message` or `Message`, as in the model. */
  readonly messageMember: string;
  readonly shape: Shape;
}

/** A service's model for the wire: its SDK client's schemas. */
export interface ServiceModel {
  readonly service: Service;
  readonly protocol: ProtocolName;
  readonly xmlNamespace: string;
  /** Prefix of `__type`, e.g. `com.amazonaws.sqs`. */
  readonly namespace: string;
  /** Old clients use query, and new ones still need query's error codes. */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By shape name and by query code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
  /** Violations beyond the SDK's schemas: length, range, pattern, enum. */
  readonly violations: FindViolations;
}

/** Loaded on the service's first request: EC2's schemas alone cost about 270 ms and 70 MB. */
export const serviceModel = oncePer((service: Service) =>
  Promise.all([service.client(), serviceConstraints(service.name)]).then(([client, constraints]) => {
    const model = modelFrom(service, client, violationFinder(constraints, client));
    loaded.set(service, model);
    return model;
  }),
);

const loaded = new WeakMap<Service, ServiceModel>();

/** Undefined until `serviceModel` has loaded it. */
export const loadedModel = (service: Service): ServiceModel | undefined => loaded.get(service);

function modelFrom(service: Service, client: Record<string, unknown>, violations: FindViolations): ServiceModel {
  const { protocol, protocolSettings } = clientConfig(client);
  const name = PROTOCOLS.find((known) => protocol.getShapeId().endsWith(`#${known}`));
  if (!name) throw new Error(`${service.name}: the wire does not support ${protocol.getShapeId()}`);
  const schemas = Object.values(client).filter((value): value is unknown[] => Array.isArray(value));
  return {
    service,
    protocol: name,
    xmlNamespace: protocolSettings.xmlNamespace ?? "",
    namespace: protocolSettings.defaultNamespace ?? "",
    queryCompatible: protocolSettings.awsQueryCompatible ?? false,
    operations: byName(schemas.filter(([id]) => id === 9).map(operationFrom)),
    errors: byCode(schemas.filter(([id]) => id === -3).map(errorFrom)),
    violations,
  };
}

const byName = (operations: OperationModel[]) => new Map(operations.map((operation) => [operation.name, operation]));

/** A shape's own name wins over another's query code. */
const byCode = (errors: ErrorModel[]) =>
  new Map([
    ...errors.map((error) => [error.queryCode, error] as const),
    ...errors.map((error) => [error.code, error] as const),
  ]);

/** A client's configuration contains its protocol; nothing is sent. */
function clientConfig(client: Record<string, unknown>) {
  const found = Object.entries(client).find(([name]) => name.endsWith("Client") && name !== "__Client");
  const Client = found?.[1] as new (
    options: object,
  ) => {
    config: {
      protocol: { getShapeId(): string };
      protocolSettings: { xmlNamespace?: string; defaultNamespace?: string; awsQueryCompatible?: boolean };
    };
  };
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  return new Client({ region: "us-east-1", credentials }).config;
}

/** A smithy operation: `[9, namespace, name, traits, input, output]`. */
function operationFrom(schema: unknown[]): OperationModel {
  const [, , name, traits, input, output] = schema as [9, string, string, object | number, never, never];
  const http = (traits as { http?: [string, string, number] }).http;
  const shape = NormalizedSchema.of(input);
  return { name, input: shape, output: NormalizedSchema.of(output), route: http && httpRoute(http, shape) };
}

/** A smithy error: `[-3, namespace, name, traits, members, schemas]`. */
function errorFrom(schema: unknown[]): ErrorModel {
  const [, , code, , members] = schema as [-3, string, string, object, string[]];
  const shape = NormalizedSchema.of(schema as never);
  const traits = shape.getMergedTraits();
  const query = traits.awsQueryError as [code: string, status: number] | undefined;
  return {
    code,
    queryCode: query?.[0] ?? code,
    status: (traits.httpError as number | undefined) ?? query?.[1] ?? (traits.error === "server" ? 500 : 400),
    messageMember: members.find((member) => /^message$/i.test(member)) ?? "message",
    shape,
  };
}
