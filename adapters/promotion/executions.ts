import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  paginateListExecutions,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import * as z from "zod";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { type Place, promotionName } from "../../core/names.ts";
import type { PromotionPlan } from "../../core/promotion/plan-promotion.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";

/** Starts a build's promotion; one that was started before, running or ended, is left alone. */
export const startPromotion = (
  client: SFNClient,
  stateMachineArn: string,
  input: { build: BuildArn; image: string },
  attempt?: number,
): Promise<void> => startOnce(client, stateMachineArn, promotionExecutionName(input.build, attempt), input);

/** Starts taking a build to regions that are behind; what was started under that name before is left alone. */
export const startCatchUp = (
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: { build: BuildArn; image: string; again: PromotionPlan },
): Promise<void> => startOnce(client, stateMachineArn, name, input);

async function startOnce(client: SFNClient, stateMachineArn: string, name: string, input: object): Promise<void> {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

const input = z.object({ build: buildArn });

/**
 * The builds whose promotion runs, whatever its execution is called.
 * @throws where an execution does not say which build it is of: then nobody can say that one is not promoted
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
  /** As `promotionExecutionName` gives it. */
  readonly name: string;
  readonly status: string;
  readonly stoppedAt: string;
}

/** Ends in which nobody can be sure that what it had changed was taken back. */
const ENDS: ReadonlySet<string> = new Set(["FAILED", "TIMED_OUT", "ABORTED"]);

/**
 * The promotions that did not come to their own end, of those that began after `since`, and whether any is under way; Step
 * Functions remembers them for 90 days. One call for each thousand promotions, the newest first (Step Functions API
 * reference, "ListExecutions").
 */
export async function listEndedPromotions(
  client: SFNClient,
  stateMachineArn: string,
  since: Date,
): Promise<{ readonly ended: readonly EndedPromotion[]; readonly running: boolean }> {
  const ended: EndedPromotion[] = [];
  let running = false;
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn, maxResults: 1000 })) {
    for (const { executionArn, name, startDate, stopDate, status } of executions) {
      if (startDate && startDate < since) return { ended, running };
      running ||= status === "RUNNING";
      if (!executionArn || !name || !stopDate || !status || !ENDS.has(status)) continue;
      ended.push({ executionArn, name, status, stoppedAt: stopDate.toISOString() });
    }
  }
  return { ended, running };
}

/** Why it ended: the error's name and its cause, as Step Functions has them; an end by hand may have neither. */
export async function readEnd(
  client: SFNClient,
  { executionArn }: Pick<EndedPromotion, "executionArn">,
): Promise<{ readonly error: string | undefined; readonly cause: string | undefined }> {
  const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  return { error, cause };
}

/** A promotion's execution, by its build. */
interface Execution {
  readonly place: Place;
  readonly factory: string;
  readonly build: BuildArn;
  /** The first, unless somebody had it promoted again. */
  readonly attempt?: number;
}

const executionArn = ({ place, factory, build, attempt }: Execution): string => {
  const { partition, region, account } = place;
  const name = promotionExecutionName(build, attempt);
  return `arn:${partition}:states:${region}:${account}:execution:${promotionName(factory)}:${name}`;
};

/** Ends a build's promotion where it is, without undoing anything; one that ended, or never began, is left alone. */
export async function stopPromotion(
  client: SFNClient,
  execution: Execution,
  { error, cause }: { readonly error: string; readonly cause: string },
): Promise<void> {
  const arn = executionArn(execution);
  try {
    // Step Functions takes 32,768 characters of cause; people's reasons are shorter, but not by law.
    await client.send(new StopExecutionCommand({ executionArn: arn, error, cause: cause.slice(0, 1000) }));
  } catch (failure) {
    if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
  }
}

/**
 * Lets the state that waits with this token go on. A token is good once.
 * @returns false where nobody waits with it any more
 */
export async function answerTask(client: SFNClient, taskToken: string, output: object): Promise<boolean> {
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
    throw error;
  }
}
