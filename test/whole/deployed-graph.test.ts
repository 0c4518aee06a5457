import type { Blueprint } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { month } from "./grants/month.ts";
import { tryOut } from "./grants/trial.ts";

const MACHINE = "aws:sfn/stateMachine:StateMachine";

/** What a month on a changed blueprint complains of, as soon as that lasts; its deployment's refusal counts, too. */
async function complaints(change: (blueprint: Blueprint) => Blueprint): Promise<readonly string[]> {
  const { faults } = await tryOut(month, change(await readBlueprint()), () => true);
  return faults;
}

/** Removes a rule with everything that belongs to it, or one part of it. */
const without =
  (named: RegExp) =>
  (blueprint: Blueprint): Blueprint => {
    const resources = blueprint.resources.filter(({ name }) => !named.test(name));
    if (resources.length === blueprint.resources.length) throw new Error(`${named} is not in the blueprint`);
    return { ...blueprint, resources };
  };

/** Takes a state out and lets what led to it lead on, so that the definition stays valid. */
const withoutState =
  (state: string, next: string) =>
  (blueprint: Blueprint): Blueprint => {
    const text = JSON.stringify(blueprint, (key, value) => (key === state ? undefined : value));
    const changed: Blueprint = JSON.parse(text.replaceAll(`"Next":"${state}"`, `"Next":"${next}"`));
    if (changed.resources.find(({ type }) => type === MACHINE) === undefined) throw new Error("no state machine");
    return changed;
  };

test("without the rule for Image Builder's state changes the month goes wrong", { tags: "deep" }, async () => {
  expect(await complaints(without(/^ImageState/))).toContainEqual(
    expect.stringMatching(/^drift\.repaired: expected 0 time/),
  );
});

test("without the rule for triggers that waited the month goes wrong", { tags: "deep" }, async () => {
  expect(await complaints(without(/^Release/))).toContainEqual(
    expect.stringMatching(/^drift\.repaired: expected 0 time/),
  );
});

test("without the rule for advisories the month goes wrong", { tags: "deep" }, async () => {
  expect(await complaints(without(/^PackageUpdated/))).toContainEqual(
    // Reported repeatedly, as nothing changes.
    expect.stringMatching(/^package\.updated: expected 3 time\(s\), came [4-9]/),
  );
});

test("without the target that sends notices the month fails", { tags: "deep" }, async () => {
  expect(await complaints(without(/^NoticesTarget$/))).toContainEqual(
    expect.stringMatching(/^Slack: \d+ message\(s\) posted, expected 55/),
  );
});

test("a rule that is gone while its function's permission still names it is refused at once", {
  tags: "deep",
}, async () => {
  expect(await complaints(without(/^Release(Rule|Target)?$/))).toEqual([
    expect.stringContaining("names resources that do not exist"),
  ]);
});

test("without the state that shares the month goes wrong", async () => {
  expect(await complaints(withoutState("ShareEverywhere", "MoveChannel"))).toContainEqual(
    expect.stringMatching(/^promotion\.failed: expected 1 time\(s\), came [2-9]/),
  );
});
