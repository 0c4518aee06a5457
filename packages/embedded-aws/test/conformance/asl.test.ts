import { describe, expect, it } from "vitest";
import { loadCases } from "./asl-cases.ts";
import { runCase } from "./run-case.ts";

/** Known differences from AWS, each with a reason. Any other difference fails. */
const known: Readonly<Record<string, string>> = {
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_parallel_state_nested":
    "the recorder left out the event in which the inner Parallel state is exited",
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input":
    "recorded before the context object had a RedriveCount, as later recordings have",
};

const all = loadCases() ?? [];

describe("Step Functions answers as AWS was recorded to answer", { tags: "needs/shared-asl-cases" }, () => {
  const agreed = new Map<string, number>();

  it.each(all)("$name", async (one) => {
    const differ = await runCase(one);

    if (differ.length === 0) agreed.set(one.group, (agreed.get(one.group) ?? 0) + 1);
    if (one.name in known) expect(differ, "a known disagreement is gone: take it off the list").not.toEqual([]);
    else expect(differ, differ.join("\n")).toEqual([]);
  });

  it("prints the counts", () => {
    const groups = Map.groupBy(all, ({ group }) => group);
    const lines = [...groups].map(([group, cases]) => `  ${group}: ${agreed.get(group) ?? 0} of ${cases.length} agree`);
    console.log([`Recorded Step Functions cases: ${all.length}`, ...lines].join("\n"));
  });
});
