import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { parameterArn } from "./find-parameter.ts";
import { latest, type Parameter, type ParameterVersion, PUBLIC_ACCOUNT, ssmState } from "./state.ts";

/** Maximum versions of a parameter. */
const MAX_VERSIONS = 100;

export type NewVersion = Omit<ParameterVersion, "version" | "modifiedAt" | "labels">;

/** The number of a parameter's next version. */
export const nextVersion = (parameter: Parameter | undefined): number =>
  parameter ? latest(parameter).version + 1 : 1;

/**
 * A new version replaces the oldest, unless that has a label.
 * @throws ParameterMaxVersionLimitExceeded
 */
export function requireRoom(parameter: Parameter | undefined): void {
  const oldest = parameter?.versions[0];
  if (!parameter || !oldest || parameter.versions.length < MAX_VERSIONS || oldest.labels.size === 0) return;
  throw new AwsError(
    "ParameterMaxVersionLimitExceeded",
    `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );
}

/** Adds a version, and creates the parameter with its first one. */
export function addVersion(
  aws: EmbeddedAws,
  place: { readonly account: string; readonly region: string },
  name: string,
  version: NewVersion,
): Parameter {
  const { parameters } = aws.state(ssmState, place.account, place.region);
  let parameter = parameters.get(name);
  if (!parameter) {
    const arn = parameterArn(aws.partition, place.region, place.account, name);
    parameter = { name, arn, versions: [], tags: new Map() };
  }
  const number = parameter.versions.length === 0 ? 1 : nextVersion(parameter);
  parameter.versions.push({ ...version, version: number, modifiedAt: aws.clock.now(), labels: new Set() });
  if (parameter.versions.length > MAX_VERSIONS) parameter.versions.shift();
  parameters.set(name, parameter);
  return parameter;
}

/** Writes `/aws/service/...` for all accounts, as AWS does in its own account. Other accounts get no event. */
export function publishPublicParameter(
  aws: EmbeddedAws,
  region: string,
  parameter: { readonly name: string; readonly value: string; readonly dataType: "text" | "aws:ec2:image" },
): void {
  addVersion(aws, { account: PUBLIC_ACCOUNT, region }, parameter.name, {
    value: parameter.value,
    type: "String",
    dataType: parameter.dataType,
    tier: "Standard",
    description: undefined,
    allowedPattern: undefined,
    keyId: undefined,
    modifiedBy: "Amazon Web Services",
  });
}

interface ParameterChange {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly operation: "Create" | "Update" | "Delete" | "LabelParameterVersion";
  readonly description?: string | undefined;
  /** A failed asynchronous validation, with its data type. */
  readonly failure?: { readonly exception: string; readonly dataType: string };
}

/**
 * Publishes to the account's default bus. Shapes as in the Systems Manager user guide: "Amazon EventBridge event
 * examples" and, for failures, "Using native parameter support in Parameter Store for Amazon Machine Image IDs".
 */
export function publishParameterChange(aws: EmbeddedAws, change: ParameterChange): void {
  const { account, region, arn, name, type, operation, description, failure } = change;
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.ssm",
    "detail-type": "Parameter Store Change",
    resources: [arn],
    detail: { ...failure, name, type, operation, ...(description && { description }) },
  });
}
