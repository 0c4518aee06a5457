import type * as Sdk from "@aws-sdk/client-sfn";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { findExecution } from "./find.ts";

export const operations = {
  GetExecutionHistory: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn, reverseOrder, nextToken, maxResults, includeExecutionData = true }, call) {
      const { events } = findExecution(call, executionArn).history;
      const ordered = reverseOrder ? events.toReversed() : events;
      const { items, next } = paginate(ordered, nextToken, maxResults || 100, "InvalidToken");
      return {
        events: includeExecutionData ? items : items.map(withoutData),
        ...(next !== undefined && { nextToken: next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

const data = [
  "input",
  "output",
  "inputDetails",
  "outputDetails",
  "parameters",
  "assignedVariables",
  "assignedVariablesDetails",
];

function withoutData(event: HistoryEvent): HistoryEvent {
  const entries = Object.entries(event).map(([key, value]) => {
    if (!key.endsWith("Details")) return [key, value];
    return [key, Object.fromEntries(Object.entries(value as object).filter(([name]) => !data.includes(name)))];
  });
  return Object.fromEntries(entries) as HistoryEvent;
}
