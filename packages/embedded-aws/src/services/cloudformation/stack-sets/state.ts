import type * as Sdk from "@aws-sdk/client-cloudformation";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";

/** One stack of a set: an account and a region. */
export interface StackInstance {
  readonly account: string;
  readonly region: string;
  /** The OU, or the root, through which the account is a target. */
  readonly unit: string;
  stackId: string | undefined;
  status: Sdk.StackInstanceStatus;
  detailed: Sdk.StackInstanceDetailedStatus;
  reason: string | undefined;
  overrides: readonly Sdk.Parameter[];
  lastOperation: string;
}

export interface TargetResult {
  readonly account: string;
  readonly region: string;
  readonly unit: string;
  status: Sdk.StackSetOperationResultStatus;
  reason: string | undefined;
}

export interface StackSetOperation {
  readonly id: string;
  readonly action: Sdk.StackSetOperationAction;
  readonly created: number;
  readonly preferences: Sdk.StackSetOperationPreferences;
  readonly targets: Sdk.DeploymentTargets | undefined;
  readonly retain: boolean;
  /** In the order of execution. */
  readonly results: readonly TargetResult[];
  status: Sdk.StackSetOperationStatus;
  reason: string | undefined;
  ended: number | undefined;
}

/** A target of a set from CreateStackInstances: accounts that join the OU are included. */
interface UnitTarget {
  readonly regions: Set<string>;
  /** Whether the target includes an account of the OU, for requests that also name accounts. */
  readonly means: (account: string) => boolean;
  /** The OU's accounts at the last automatic deployment. */
  seen: ReadonlySet<string>;
}

export interface StackSet {
  /** `<name>:<uuid>` */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** The organization's management account. */
  readonly owner: string;
  readonly region: string;
  text: string;
  description: string | undefined;
  parameters: readonly Sdk.Parameter[];
  tags: readonly Sdk.Tag[];
  capabilities: readonly string[];
  autoDeployment: { readonly enabled: boolean; readonly retain: boolean };
  managedExecution: boolean;
  status: "ACTIVE" | "DELETED";
  /** By OU. */
  readonly targets: Map<string, UnitTarget>;
  /** By account and region. */
  readonly instances: Map<string, StackInstance>;
  readonly operations: Map<string, StackSetOperation>;
  /** Settles when the requested operations have ended. */
  queue: Promise<void>;
}

const sets = defineState<Map<string, StackSet>>("cloudformation.stack-sets", () => new Map());

/**
 * Sets by id, including deleted ones. The management account owns service-managed sets, even if another account created
 * them.
 */
export const stackSetsOf = (aws: EmbeddedAws, owner: string, region: string): Map<string, StackSet> =>
  aws.state(sets, owner, region);

export function* allStackSets(aws: EmbeddedAws): Iterable<StackSet> {
  for (const { state } of aws.places(sets)) yield* state.values();
}

export const instanceKey = (account: string, region: string): string => `${account}/${region}`;

/** By name, id or ARN; a deleted one only by id. */
export function findStackSet(aws: EmbeddedAws, owner: string, region: string, reference: string): StackSet | undefined {
  return [...stackSetsOf(aws, owner, region).values()].find(
    ({ id, arn, name, status }) => reference === id || reference === arn || (reference === name && status === "ACTIVE"),
  );
}

/** @throws AwsError StackSetNotFoundException */
export function requireStackSet(aws: EmbeddedAws, owner: string, region: string, reference = ""): StackSet {
  const found = findStackSet(aws, owner, region, reference);
  if (found?.status === "ACTIVE") return found;
  throw new AwsError("StackSetNotFoundException", `StackSet ${reference} not found`);
}

export const isOver = ({ status }: StackSetOperation): boolean =>
  status === "SUCCEEDED" || status === "FAILED" || status === "STOPPED";
