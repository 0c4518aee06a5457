import {
  DescribeExecutionCommand,
  type HistoryEventType,
  paginateGetExecutionHistory,
  paginateListExecutions,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import * as z from "zod";
import type { Month } from "../../core/cost/month.ts";

const input = z.object({ image: z.string() });

/** The promotion's own limit: an execution that began earlier has ended before the month. */
const LONGEST_MS = 30 * 86_400_000;

const SCHEDULED: readonly HistoryEventType[] = ["TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"];

/**
 * State transitions of a state machine's executions within a month, by the image that each is for: a state that is carried
 * out counts, and each of its retries (aws.amazon.com/step-functions/pricing). Step Functions keeps the history of an
 * execution for 90 days after its end.
 */
export async function countTransitions(
  client: SFNClient,
  stateMachineArn: string,
  month: Month,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  // The newest first.
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn, maxResults: 1000 })) {
    for (const { executionArn, startDate, stopDate } of executions) {
      const began = startDate?.getTime() ?? 0;
      if (began < month.start - LONGEST_MS) return counts;
      if (began >= month.end || (stopDate && stopDate.getTime() < month.start)) continue;
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { image } = input.parse(JSON.parse(described.input ?? "{}"));
      counts[image] = (counts[image] ?? 0) + (await countIn(client, executionArn, month));
    }
  }
  return counts;
}

async function countIn(client: SFNClient, executionArn: string | undefined, month: Month): Promise<number> {
  let entered = 0;
  let tasks = 0;
  let scheduled = 0;
  const asked = { executionArn, maxResults: 1000, includeExecutionData: false };
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, asked)) {
    for (const { type = "TaskScheduled", timestamp } of events) {
      const at = timestamp?.getTime() ?? 0;
      if (at < month.start || at >= month.end) continue;
      if (type.endsWith("StateEntered")) entered++;
      if (type === "TaskStateEntered") tasks++;
      if (SCHEDULED.includes(type)) scheduled++;
    }
  }
  return entered + Math.max(0, scheduled - tasks);
}
