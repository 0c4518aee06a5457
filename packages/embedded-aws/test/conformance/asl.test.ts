import { describe, expect, it } from "vitest";
import { type Case, loadCases } from "./asl-cases.ts";
import { runCase } from "./run-case.ts";

/** Cases that disagree with AWS, each with its reason. Anything else that disagrees fails. */
const known: Readonly<Record<string, string>> = {
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_illegal_escapes[ESCAPE_SEQUENCES_ILLEGAL_INTRINSIC_FUNCTION]":
    "an intrinsic function of JSONPath, which is not built: NotImplemented instead of InvalidDefinition",
  "scenarios/test_base_scenarios.py::TestBaseScenarios::test_wait_timestamp_jsonata[NANOSECONDS]":
    "the recorder replaced the time in the output by the word date",
};

/** What is built: JSONata machines, and what can be said about a definition without running it. */
const isBuilt = ({ queryLanguage, type, expected }: Case): boolean =>
  expected.validateResult !== undefined ||
  expected.createError !== undefined ||
  (queryLanguage === "JSONata" && type === "STANDARD");

const all = loadCases();
const built = all?.filter(isBuilt) ?? [];

describe.skipIf(!all)("Step Functions answers as AWS was recorded to answer", () => {
  const agreed = new Map<string, number>();

  it.each(built)("$name", async (one) => {
    const differ = await runCase(one);

    if (differ.length === 0) agreed.set(one.group, (agreed.get(one.group) ?? 0) + 1);
    if (one.name in known) expect(differ, "a known disagreement is gone: take it off the list").not.toEqual([]);
    else expect(differ).toEqual([]);
  });

  it("prints the counts", () => {
    const groups = Map.groupBy(built, ({ group }) => group);
    const lines = [...groups].map(([group, cases]) => `  ${group}: ${agreed.get(group) ?? 0} of ${cases.length} agree`);
    console.log([`Recorded Step Functions cases: ${built.length} of ${all?.length} run`, ...lines].join("\n"));
  });
});

it.skipIf(all)("skips: ../shared/conformance/asl-cases.json is not there", () => {});
