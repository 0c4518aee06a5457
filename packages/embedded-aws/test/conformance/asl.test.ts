import { describe, expect, it } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { type Case, loadCases } from "./asl-cases.ts";
import { createMachine, runCase } from "./run-case.ts";

/** Known differences from AWS, each with a reason. Any other difference fails. */
const known: Readonly<Record<string, string>> = {
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_parallel_state_nested":
    "the recorder left out the event in which the inner Parallel state is exited",
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input":
    "recorded before the context object had a RedriveCount, as later recordings have",
};

/** What is not built: Express machines and distributed Maps. */
const notBuilt = {
  "type EXPRESS": ({ type }: Case) => type === "EXPRESS",
  "distributed Map": ({ definition }: Case) => JSON.stringify(definition).includes('"DISTRIBUTED"'),
};

/** Why a case cannot run; undefined where it can, or where AWS only said what it thinks of the definition. */
function reasonOf(one: Case): string | undefined {
  if (one.expected.validateResult !== undefined || one.expected.createError !== undefined) return undefined;
  return Object.entries(notBuilt).find(([, applies]) => applies(one))?.[0];
}

const all = loadCases();
const built = all?.filter((one) => reasonOf(one) === undefined) ?? [];
const unbuilt = all?.filter((one) => reasonOf(one) !== undefined) ?? [];

describe("Step Functions answers as AWS was recorded to answer", { tags: "needs/shared-asl-cases" }, () => {
  const agreed = new Map<string, number>();

  it.each(built)("$name", async (one) => {
    const differ = await runCase(one);

    if (differ.length === 0) agreed.set(one.group, (agreed.get(one.group) ?? 0) + 1);
    if (one.name in known) expect(differ, "a known disagreement is gone: take it off the list").not.toEqual([]);
    else expect(differ, differ.join("\n")).toEqual([]);
  });

  it.each(unbuilt)("$name is refused by name", async (one) => {
    await expectRefusal(createMachine(one), "NotImplemented", expect.stringMatching(Object.keys(notBuilt).join("|")));
  });

  it("prints the counts", () => {
    const groups = Map.groupBy(built, ({ group }) => group);
    const lines = [...groups].map(([group, cases]) => `  ${group}: ${agreed.get(group) ?? 0} of ${cases.length} agree`);
    const reasons = Map.groupBy(unbuilt, reasonOf);
    lines.push(...[...reasons].map(([reason, cases]) => `  not built (${reason}): ${cases.length}`));
    console.log([`Recorded Step Functions cases: ${built.length} of ${all?.length} run`, ...lines].join("\n"));
  });
});
