import { writeFileSync } from "node:fs";
import { expect } from "vitest";
import { daysByHand } from "./by-hand.ts";
import { containerDays } from "./container-days.ts";
import { type Grant, inWords } from "./grant.ts";
import { blueprint, grantsOf, missable, SHARED, shared } from "./missable.ts";
import { month } from "./month.ts";
import { rolloutDays } from "./rollout-days.ts";
import type { Scenario } from "./scenario.ts";
import { type Kind, kindOf, noticedTogether } from "./shared-life.ts";
import { troubledDays } from "./troubled-days.ts";

interface SharedLife {
  readonly scenario: Scenario;
  readonly kinds: readonly Kind[];
}

/** The shorter lives; the month is only for grants that none of these notices. */
export const days: readonly SharedLife[] = [
  { scenario: daysByHand, kinds: ["function", "log"] },
  { scenario: troubledDays, kinds: ["function", "log", "destination", "parked schedule", "parked event"] },
  { scenario: containerDays, kinds: ["function", "log"] },
  { scenario: rolloutDays, kinds: ["function", "log"] },
];
export const wholeMonth: SharedLife = { scenario: month, kinds: ["function", "log"] };

/**
 * `AMINT_RECORD=1 npx vitest run test/whole/grants/shared-days.test.ts` tries all grants that no other life of
 * `shared.json` notices, and adds those that are noticed.
 */
const records = process.env.AMINT_RECORD === "1";

/** Lives through a scenario without the grants that `shared.json` lists for it, and expects that each is noticed. */
export async function checkLife({ scenario, kinds }: SharedLife): Promise<void> {
  if (records) return record(scenario, candidates(scenario.name, kinds));
  const taken = grantsOf(scenario.name);

  const noticed = await noticedTogether(scenario, blueprint, taken);

  expect(taken.length).toBeGreaterThan(0);
  expect(taken.filter((grant) => !noticed.includes(grant)).map(inWords)).toEqual([]);
}

const recorded: Record<string, readonly string[]> = { ...shared };

function candidates(life: string, kinds: readonly Kind[]) {
  const others = new Set(Object.entries(recorded).flatMap(([name, grants]) => (name === life ? [] : grants)));
  return missable.filter((grant) => {
    const kind = kindOf(grant, blueprint);
    return kind && kinds.includes(kind) && !others.has(inWords(grant)) && !isMemory(inWords(grant));
  });
}

/** Without them an event that failed is taken for one in progress, and is not handled again. */
const isMemory = (grant: string): boolean => /^NotifyRole: dynamodb:(Update|Delete)Item /.test(grant);

/** Repeats until the same grants are noticed again: a grant may be used only because another one was missing. */
async function record(scenario: Scenario, taken: readonly Grant[]): Promise<void> {
  const noticed = await noticedTogether(scenario, blueprint, taken);
  if (noticed.length < taken.length) return record(scenario, noticed);
  recorded[scenario.name] = noticed.map(inWords);
  writeFileSync(SHARED, `${JSON.stringify(recorded, null, 1)}\n`);
}
