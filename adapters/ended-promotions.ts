import { DescribeExecutionCommand, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";

export interface EndedPromotion {
  readonly executionArn: string;
  /** As `promotionExecutionName` gives it. */
  readonly name: string;
  readonly status: string;
  readonly stoppedAt: string;
}

/** Ends in which nobody can be sure that what it had changed was taken back. */
const ENDS = ["FAILED", "TIMED_OUT", "ABORTED"] as const;

/** The promotions that did not come to their own end, as long as Step Functions remembers them (90 days). */
export async function listEndedPromotions(client: SFNClient, stateMachineArn: string): Promise<EndedPromotion[]> {
  const found = await Promise.all(ENDS.map((statusFilter) => list(client, stateMachineArn, statusFilter)));
  return found.flat();
}

async function list(
  client: SFNClient,
  stateMachineArn: string,
  statusFilter: (typeof ENDS)[number],
): Promise<EndedPromotion[]> {
  const found: EndedPromotion[] = [];
  const pages = paginateListExecutions({ client }, { stateMachineArn, statusFilter, maxResults: 1000 });
  for await (const { executions = [] } of pages) {
    for (const { executionArn, name, stopDate } of executions) {
      if (!executionArn || !name || !stopDate) continue;
      found.push({ executionArn, name, status: statusFilter, stoppedAt: stopDate.toISOString() });
    }
  }
  return found;
}

/** Why it ended: the error's name and its cause, as Step Functions has them; an end by hand may have neither. */
export async function readEnd(
  client: SFNClient,
  { executionArn }: Pick<EndedPromotion, "executionArn">,
): Promise<{ readonly error: string | undefined; readonly cause: string | undefined }> {
  const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  return { error, cause };
}
