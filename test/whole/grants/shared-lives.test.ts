// @module-tag deep
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { daysByHand } from "./by-hand.ts";
import { inWords } from "./grant.ts";
import { blueprint, grantsOf, missable, SHARED, shared } from "./missable.ts";
import { month } from "./month.ts";
import type { Scenario } from "./scenario.ts";
import { type Kind, kindOf, noticedTogether } from "./shared-life.ts";
import { troubledDays } from "./troubled-days.ts";

const lives = [
  { scenario: daysByHand, kinds: ["function", "log"] },
  {
    scenario: troubledDays,
    kinds: ["function", "log", "destination", "parked schedule", "parked event"],
  },
  { scenario: month, kinds: ["function", "log"] },
] as const satisfies readonly { readonly scenario: Scenario; readonly kinds: readonly Kind[] }[];

/** `AMINT_RECORD=1` tries all grants that no earlier life notices, and writes those that are noticed to `shared.json`. */
const records = process.env.AMINT_RECORD === "1";

test.each(lives)("each grant missing in $scenario.name is refused, named and noticed", async ({ scenario, kinds }) => {
  const taken = records ? candidates(kinds) : grantsOf(scenario.name);

  const noticed = await noticedTogether(scenario, blueprint, taken);

  if (records) return record(scenario.name, noticed.map(inWords));
  expect(taken.length).toBeGreaterThan(0);
  expect(taken.filter((grant) => !noticed.includes(grant)).map(inWords)).toEqual([]);
});

const recorded: Record<string, readonly string[]> = records ? {} : { ...shared };

function candidates(kinds: readonly Kind[]) {
  const before = new Set(Object.values(recorded).flat());
  return missable.filter((grant) => {
    const kind = kindOf(grant, blueprint);
    return kind && kinds.includes(kind) && !before.has(inWords(grant)) && !isMemory(inWords(grant));
  });
}

/** Without them an event that failed is taken for one in progress, and is not handled again. */
const isMemory = (grant: string): boolean => /^NotifyRole: dynamodb:(Update|Delete)Item /.test(grant);

function record(life: string, noticed: readonly string[]): void {
  recorded[life] = noticed;
  writeFileSync(SHARED, `${JSON.stringify(recorded, null, 1)}\n`);
}
