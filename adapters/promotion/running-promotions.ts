import { GetExecutionHistoryCommand, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";

export interface RunningPromotion {
  readonly executionArn: string;
  /** As `promotionExecutionName` or `catchUpExecutionName` gives it. */
  readonly name: string;
  readonly startedAt: string;
}

/** The promotions under way: one call for each thousand. */
export async function listRunningPromotions(client: SFNClient, stateMachineArn: string): Promise<RunningPromotion[]> {
  const asked = { stateMachineArn, statusFilter: "RUNNING" as const, maxResults: 1000 };
  const running: RunningPromotion[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, asked)) {
    for (const { executionArn, name, startDate } of executions)
      if (executionArn && name && startDate) running.push({ executionArn, name, startedAt: startDate.toISOString() });
  }
  return running;
}

/** How many events are looked through: states in several regions enter side by side. */
const MOST_EVENTS = 100;

/** The state that an execution entered last, and when; one call. Undefined where the newest events enter none. */
export async function findLastState(
  client: SFNClient,
  { executionArn }: Pick<RunningPromotion, "executionArn">,
): Promise<{ readonly name: string; readonly since: string } | undefined> {
  const { events = [] } = await client.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: MOST_EVENTS }),
  );
  const entered = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name);
  const name = entered?.stateEnteredEventDetails?.name;
  return name && entered.timestamp ? { name, since: entered.timestamp.toISOString() } : undefined;
}
