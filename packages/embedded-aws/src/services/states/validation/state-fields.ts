import type { StateType } from "../asl/definition.ts";

interface Fields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Whether the state goes on: Next or End must stand. */
  readonly goesOn: boolean;
}

const always = ["Type", "Comment", "QueryLanguage"];
const results = ["Output", "Assign"];
const recovers = ["Retry", "Catch"];

/** Fields of a state that speaks JSONata (Developer Guide, "Workflow states", and the Amazon States Language). */
export const stateFields: Readonly<Record<StateType, Fields>> = {
  Pass: { required: [], optional: results, goesOn: true },
  Task: {
    required: ["Resource"],
    optional: [...results, ...recovers, "Arguments", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
    goesOn: true,
  },
  Choice: { required: ["Choices"], optional: [...results, "Default"], goesOn: false },
  Wait: { required: [], optional: [...results, "Seconds", "Timestamp"], goesOn: true },
  Succeed: { required: [], optional: ["Output"], goesOn: false },
  Fail: { required: [], optional: ["Error", "Cause"], goesOn: false },
  Parallel: { required: ["Branches"], optional: [...results, ...recovers, "Arguments"], goesOn: true },
  Map: {
    required: ["ItemProcessor"],
    optional: [
      ...results,
      ...recovers,
      "Items",
      "ItemSelector",
      "MaxConcurrency",
      "Label",
      "ItemReader",
      "ItemBatcher",
      "ResultWriter",
      "ToleratedFailureCount",
      "ToleratedFailurePercentage",
    ],
    goesOn: true,
  },
};

export function isKnownField(type: StateType, field: string): boolean {
  const { required, optional, goesOn } = stateFields[type];
  return [...always, ...required, ...optional, ...(goesOn ? ["Next", "End"] : [])].includes(field);
}
