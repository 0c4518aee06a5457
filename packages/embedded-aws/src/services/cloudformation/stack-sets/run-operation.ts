import type { DeleteStackInstancesInput, StackSetOperationPreferences } from "@aws-sdk/client-cloudformation";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { notBuilt } from "../refusals.ts";
import { isOver, type StackSet, type StackSetOperation, type TargetResult } from "./state.ts";
import { workOnTarget } from "./work-on-target.ts";

type Wanted = Pick<StackSetOperation, "action" | "targets" | "retain"> & {
  readonly preferences?: StackSetOperationPreferences | undefined;
  readonly results: readonly Pick<TargetResult, "account" | "region" | "unit">[];
};

interface Asked {
  readonly id?: string | undefined;
  /** Automatic deployments queue; operations from requests are refused while another is in progress. */
  readonly queued?: boolean;
}

/**
 * Starts an operation on a set's instances.
 * @throws AwsError OperationInProgressException, unless the set queues its operations;
 *   OperationIdAlreadyExistsException
 */
export function startOperation(
  aws: EmbeddedAws,
  set: StackSet,
  wanted: Wanted,
  { id = aws.uuid(), queued = false }: Asked = {},
): StackSetOperation {
  const underWay = [...set.operations.values()].find((one) => !isOver(one));
  if (underWay && !queued && !set.managedExecution) {
    throw new AwsError(
      "OperationInProgressException",
      `Another Operation on StackSet ${set.arn} is in progress: ${underWay.id}`,
    );
  }
  if (set.operations.has(id)) {
    throw new AwsError("OperationIdAlreadyExistsException", `Operation ${id} already exists`);
  }
  const preferences = wanted.preferences ?? {};
  if (preferences.RegionConcurrencyType === "PARALLEL") throw notBuilt("RegionConcurrencyType PARALLEL");
  const operation: StackSetOperation = {
    id,
    action: wanted.action,
    created: aws.clock.now(),
    preferences,
    targets: wanted.targets,
    retain: wanted.retain,
    results: inOrder(wanted.results, preferences.RegionOrder).map(({ account, region, unit }) => ({
      account,
      region,
      unit,
      status: "PENDING",
      reason: undefined,
    })),
    status: underWay ? "QUEUED" : "RUNNING",
    reason: undefined,
    ended: undefined,
  };
  set.operations.set(id, operation);
  const before = set.queue;
  set.queue = new Promise((resolve, reject) => {
    aws.clock.after(0, async () => {
      try {
        await before;
        await run(aws, set, operation);
        resolve();
      } catch (fault) {
        reject(fault);
        throw fault;
      }
    });
  });
  // Usually no caller awaits it; the clock reports a failure.
  set.queue.catch(() => {});
  return operation;
}

type Request = Pick<DeleteStackInstancesInput, "OperationId" | "OperationPreferences" | "DeploymentTargets"> & {
  readonly RetainStacks?: boolean | undefined;
};

/** Starts the operation of a request. @throws AwsError as `startOperation` */
export const startRequested = (
  aws: EmbeddedAws,
  set: StackSet,
  { OperationId: id, OperationPreferences: preferences, DeploymentTargets: targets, RetainStacks = false }: Request,
  { action, results }: Pick<Wanted, "action" | "results">,
): StackSetOperation =>
  startOperation(aws, set, { action, preferences, targets, retain: RetainStacks, results }, { id });

/** Groups results by region, in the requested order. */
function inOrder(results: Wanted["results"], order: readonly string[] = []): Wanted["results"] {
  const place = (region: string) => (order.includes(region) ? order.indexOf(region) : order.length);
  return [...results].sort((a, b) => place(a.region) - place(b.region));
}

async function run(aws: EmbeddedAws, set: StackSet, operation: StackSetOperation): Promise<void> {
  operation.status = "RUNNING";
  let failed = false;
  for (const region of new Set(operation.results.map((one) => one.region))) {
    const here = operation.results.filter((one) => one.region === region);
    if (failed) for (const one of here) cancel(one);
    else failed = !(await runInRegion(aws, set, operation, here));
  }
  operation.status = failed ? "FAILED" : "SUCCEEDED";
  operation.ended = aws.clock.now();
}

function cancel(one: TargetResult): void {
  one.status = "CANCELLED";
  one.reason = "Cancelled since failure tolerance has exceeded";
}

/** @returns whether failures stayed within the tolerance */
async function runInRegion(
  aws: EmbeddedAws,
  set: StackSet,
  operation: StackSetOperation,
  here: readonly TargetResult[],
): Promise<boolean> {
  const tolerated = toleranceOf(operation.preferences, here.length);
  const size = concurrencyOf(operation.preferences, here.length, tolerated);
  const waiting = [...here];
  const failures = () => here.filter(({ status }) => status === "FAILED").length;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (failures() > tolerated) cancel(next);
      else await workOnTarget(aws, set, operation, next);
    }
  };
  await Promise.all(Array.from({ length: size }, worker));
  return failures() <= tolerated;
}

/** Accounts that may fail in a region; default 0. Percentages are rounded down (API reference). */
const toleranceOf = (
  { FailureToleranceCount, FailureTolerancePercentage }: StackSetOperationPreferences,
  accounts: number,
): number => FailureToleranceCount ?? Math.floor(((FailureTolerancePercentage ?? 0) * accounts) / 100);

/** Accounts in parallel; default 1; with strict tolerance at most one above the tolerated failures. */
function concurrencyOf(preferences: StackSetOperationPreferences, accounts: number, tolerated: number): number {
  const { MaxConcurrentCount, MaxConcurrentPercentage, ConcurrencyMode } = preferences;
  const most = MaxConcurrentCount ?? Math.max(1, Math.floor(((MaxConcurrentPercentage ?? 0) * accounts) / 100));
  return ConcurrencyMode === "SOFT_FAILURE_TOLERANCE" ? most : Math.min(most, tolerated + 1);
}
