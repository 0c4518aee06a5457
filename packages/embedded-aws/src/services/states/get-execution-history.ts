import type {
  GetExecutionHistoryCommandInput,
  GetExecutionHistoryCommandOutput,
  HistoryEvent,
} from "@aws-sdk/client-sfn";
import { operation } from "../../engine/operation.ts";
import { paginate } from "../paginate.ts";
import type { Answer } from "./answer.ts";
import { findExecution } from "./find.ts";

export const getExecutionHistory = operation<GetExecutionHistoryCommandInput, Answer<GetExecutionHistoryCommandOutput>>(
  {
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
);

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
