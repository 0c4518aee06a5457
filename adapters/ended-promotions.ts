import { DescribeExecutionCommand, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";

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
