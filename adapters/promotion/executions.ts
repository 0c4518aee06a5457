import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  paginateListExecutions,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import * as z from "zod";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { type Place, promotionName } from "../../core/names.ts";
import type { PromotionPlan } from "../../core/promotion/plan-promotion.ts";
import { badEnds } from "../../events/aws/execution-status-change.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

/** Starts a build's promotion, unless it was started before. */
export const startPromotion = (
  client: SFNClient,
  stateMachineArn: string,
  input: { build: BuildArn; image: string },
  attempt?: number,
): Promise<void> => startOnce(client, stateMachineArn, promotionExecutionName(input.build, attempt), input);

/** Starts a catch-up of regions that are behind, unless one of that name was started before. */
export const startCatchUp = (
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: { build: BuildArn; image: string; again: PromotionPlan },
): Promise<void> => startOnce(client, stateMachineArn, name, input);

async function startOnce(client: SFNClient, stateMachineArn: string, name: string, input: object): Promise<void> {
  const execution = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
  await unlessError(client.send(execution), /^ExecutionAlreadyExists$/);
}

const input = z.object({ build: buildArn });

/**
 * The builds with a running promotion, whatever its execution's name.
 * @throws where an execution does not name its build, because every build could then be in promotion
 */
export async function listPromoting(client: SFNClient, stateMachineArn: string): Promise<ReadonlySet<BuildArn>> {
  const builds = new Set<BuildArn>();
  const asked = { stateMachineArn, statusFilter: "RUNNING" as const, maxResults: 1000 };
  for await (const { executions = [] } of paginateListExecutions({ client }, asked)) {
    for (const { executionArn } of executions) {
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      builds.add(input.parse(JSON.parse(described.input ?? "{}")).build);
    }
  }
  return builds;
}

export interface EndedPromotion {
  readonly executionArn: string;
  /** As returned by `promotionExecutionName`. */
  readonly name: string;
  readonly status: string;
  readonly stoppedAt: string;
}

/**
 * The promotions started after `since` that failed, timed out or were aborted; Step Functions keeps executions for 90
 * days. One call per thousand promotions, newest first (Step Functions API reference, "ListExecutions").
 */
export async function listEndedPromotions(
  client: SFNClient,
  stateMachineArn: string,
  since: Date,
): Promise<readonly EndedPromotion[]> {
  const ended: EndedPromotion[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn, maxResults: 1000 })) {
    for (const { executionArn, name, startDate, stopDate, status } of executions) {
      if (startDate && startDate < since) return ended;
      if (!executionArn || !name || !stopDate || !status || !badEnds.includes(status)) continue;
      ended.push({ executionArn, name, status, stoppedAt: stopDate.toISOString() });
    }
  }
  return ended;
}

/** Why it ended: Step Functions' error name and cause; a manual stop may have neither. */
export async function readEnd(
  client: SFNClient,
  { executionArn }: Pick<EndedPromotion, "executionArn">,
): Promise<{ readonly error: string | undefined; readonly cause: string | undefined }> {
  const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  return { error, cause };
}

/** A build's promotion execution. */
interface Execution {
  readonly place: Place;
  readonly factory: string;
  readonly build: BuildArn;
  /** Default: the first attempt. */
  readonly attempt?: number;
}

const executionArn = ({ place, factory, build, attempt }: Execution): string => {
  const { partition, region, account } = place;
  const name = promotionExecutionName(build, attempt);
  return `arn:${partition}:states:${region}:${account}:execution:${promotionName(factory)}:${name}`;
};

/** Stops a build's running promotion without undoing anything. */
export async function stopPromotion(
  client: SFNClient,
  execution: Execution,
  { error, cause }: { readonly error: string; readonly cause: string },
): Promise<void> {
  const arn = executionArn(execution);
  try {
    // Step Functions allows 32,768 characters of cause; user-supplied reasons have no guaranteed limit.
    await client.send(new StopExecutionCommand({ executionArn: arn, error, cause: cause.slice(0, 1000) }));
  } catch (failure) {
    if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
  }
}

/**
 * Completes the state that waits with this token. A token is valid once.
 * @returns false if no state waits with it now
 */
export async function answerTask(client: SFNClient, taskToken: string, output: object): Promise<boolean> {
  const answer = new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) });
  return (await unlessError(client.send(answer), /^Task(TimedOut|DoesNotExist)$/)) !== undefined;
}
