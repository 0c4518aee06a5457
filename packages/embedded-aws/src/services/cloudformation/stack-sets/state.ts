import type {
  DeploymentTargets,
  Parameter,
  StackInstanceDetailedStatus,
  StackInstanceStatus,
  StackSetOperationAction,
  StackSetOperationPreferences,
  StackSetOperationResultStatus,
  StackSetOperationStatus,
  Tag,
} from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { defineState } from "../../../engine/state.ts";

/** One stack of a set: an account and a region. */
export interface StackInstance {
  readonly account: string;
  readonly region: string;
  /** The unit, or the root, by which the account is a target. */
  readonly unit: string;
  stackId: string | undefined;
  status: StackInstanceStatus;
  detailed: StackInstanceDetailedStatus;
  reason: string | undefined;
  overrides: readonly Parameter[];
  lastOperation: string;
}

export interface TargetResult {
  readonly account: string;
  readonly region: string;
  readonly unit: string;
  status: StackSetOperationResultStatus;
  reason: string | undefined;
}

export interface StackSetOperation {
  readonly id: string;
  readonly action: StackSetOperationAction;
  readonly created: number;
  readonly preferences: StackSetOperationPreferences;
  readonly targets: DeploymentTargets | undefined;
  readonly retain: boolean;
  /** In the order in which they are worked on. */
  readonly results: readonly TargetResult[];
  status: StackSetOperationStatus;
  reason: string | undefined;
  ended: number | undefined;
}

/** Where a set is to be, as CreateStackInstances said: who joins the unit gets it, too. */
interface UnitTarget {
  readonly regions: Set<string>;
  /** Whether an account of the unit is meant, where the request named accounts as well. */
  readonly means: (account: string) => boolean;
  /** The unit's accounts as automatic deployment last saw them. */
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
  parameters: readonly Parameter[];
  tags: readonly Tag[];
  capabilities: readonly string[];
  autoDeployment: { readonly enabled: boolean; readonly retain: boolean };
  managedExecution: boolean;
  status: "ACTIVE" | "DELETED";
  /** By unit. */
  readonly targets: Map<string, UnitTarget>;
  /** By account and region. */
  readonly instances: Map<string, StackInstance>;
  readonly operations: Map<string, StackSetOperation>;
  /** Settles when the operations that were asked for have ended. */
  queue: Promise<void>;
}

const sets = defineState<Map<string, StackSet>>("cloudformation.stack-sets", () => new Map());

/** Sets by id, deleted ones among them. Service-managed ones are the management account's, whoever made them. */
export const stackSetsOf = (aws: EmbeddedAws, owner: string, region: string): Map<string, StackSet> =>
  aws.state(sets, owner, region);

export function* allStackSets(aws: EmbeddedAws): Iterable<StackSet> {
  for (const { state } of aws.places(sets)) yield* state.values();
}

export const instanceKey = (account: string, region: string): string => `${account}/${region}`;

/** By name, id or ARN; one that is deleted by id only. */
export function findStackSet(aws: EmbeddedAws, owner: string, region: string, reference: string): StackSet | undefined {
  return [...stackSetsOf(aws, owner, region).values()].find(
    ({ id, arn, name, status }) => reference === id || reference === arn || (reference === name && status === "ACTIVE"),
  );
}

/** @throws AwsError StackSetNotFoundException */
export function requireStackSet(aws: EmbeddedAws, owner: string, region: string, reference = ""): StackSet {
  const found = findStackSet(aws, owner, region, reference);
  if (found?.status === "ACTIVE") return found;
  throw new AwsError("StackSetNotFoundException", `StackSet ${reference} not found`, { status: 404 });
}

export const isOver = ({ status }: StackSetOperation): boolean =>
  status === "SUCCEEDED" || status === "FAILED" || status === "STOPPED";
