import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { claimNotice, listUnreported, recordAllReported, recordRemoval } from "../../adapters/retirement/leftovers.ts";
import { listCanaries, removeCanary } from "../../adapters/share/canary.ts";
import { leftoversRemoved } from "../../events/retirement.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { enterCanary } from "../share/in-canary.ts";
import { cleanContainers } from "./clean-containers.ts";
import { cleanComponents, cleanImageResources, cleanInstances, cleanRecipes } from "./clean-image-builder.ts";
import { isMarking, planRegion } from "./plan-region.ts";
import { type BuildOrigin, readOrigins } from "./read-origins.ts";
import { carryOutCleanUp } from "./remove-leftover.ts";

/**
 * Removes marked leftovers of builds and canary runs, region by region; a failure in one region does not stop the
 * others.
 * @returns how many, and whether `mark-leftovers` has anything to mark or unmark
 */
export async function cleanUp(invocation: Invocation<"PROMOTION_ARN">): Promise<{ removed: number; toMark: boolean }> {
  const { factory } = invocation.settings;
  const origins = await readOrigins(invocation);
  let toMark = false;
  const onUnmarked = () => {
    toMark = true;
  };
  const removed = await inTurn({
    ...each(factory.regions, "canaries in", (region) => endCanaries(region, invocation)),
    ...each(factory.regions, "AMIs in", (region) => cleanRegion(region, origins, onUnmarked, invocation)),
    containers: () => cleanContainers(origins, invocation),
    "image resources": () => cleanImageResources(origins, onUnmarked, invocation),
    // Before components: a component in a recipe cannot be deleted.
    recipes: () => cleanRecipes(invocation),
    components: () => cleanComponents(invocation),
    instances: () => cleanInstances(invocation),
    notice: () => publishRemoved(invocation).then(() => 0),
  });
  return { removed, toMark };
}

const each = (regions: readonly string[], what: string, work: (region: string) => Promise<number>) =>
  Object.fromEntries(regions.map((region) => [`${what} ${region}`, () => work(region)]));

/** This number fits an event (256 KB, EventBridge user guide, "PutEvents event entry size") and stays readable. */
const MOST = 100;

/** One message a day with all unreported removals. */
async function publishRemoved({ ledger, bus, now }: Invocation): Promise<void> {
  const untold = await listUnreported(ledger);
  if (untold.length === 0 || !(await claimNotice(ledger, now.toISOString().slice(0, 10), now))) return;
  await putEvent(bus, leftoversRemoved, {
    removed: untold.slice(0, MOST).map(({ thing }) => thing),
    more: Math.max(0, untold.length - MOST),
  });
  await recordAllReported(ledger, untold);
}

/**
 * Removes a region's unused AMIs and snapshots. If the region cannot be read in full, nothing is removed there.
 * @returns how many
 */
async function cleanRegion(
  region: string,
  origins: readonly BuildOrigin[],
  onUnmarked: () => void,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const acts = await planRegion(region, origins, invocation);
  if (acts.some(isMarking)) onUnmarked();
  const due = acts.flatMap((act) => (isMarking(act) ? [] : [act]));
  return inTurn(
    Object.fromEntries(due.map((one, nth) => [`${one.kind} ${nth}`, () => carryOutCleanUp(one, invocation)])),
  );
}

/** Ends interrupted canary runs: a run that is alive ends within the hour. @returns how many */
async function endCanaries(region: string, invocation: Invocation<"PROMOTION_ARN">): Promise<number> {
  const { settings, ledger, now } = invocation;
  const { consumers, leftovers, name: factory } = settings.factory;
  if (!consumers?.canary) return 0;
  const { account } = consumers.canary;
  const there = await enterCanary(account, region, invocation);
  const left = (await listCanaries(there.ec2, `amint-${factory}-canary-`)).filter(
    ({ since }) => since.getTime() + leftovers.canaries * 1000 <= now.getTime(),
  );
  const ends = left.map(({ name, since }) => [
    name,
    async () => {
      await removeCanary(there, name);
      const why = `its launch test was interrupted; it has existed since ${since.toISOString()}`;
      await recordRemoval(ledger, { kind: "canary", id: name, region, account, why }, now);
      return 1;
    },
  ]);
  return inTurn(Object.fromEntries(ends));
}

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env: ["PROMOTION_ARN", "MARK_LEFTOVERS_FUNCTION"],
  async run(event, invocation) {
    // Where something cannot be read, it is unknown what is to mark: the other regions' marks do not wait for it.
    let toMark = true;
    try {
      const done = await cleanUp(invocation);
      ({ toMark } = done);
      return { removed: done.removed };
    } finally {
      // Marks come last, so that they are visible for a day before the next run acts on them.
      if (toMark)
        await invokeLater(invocation.client(LambdaClient), invocation.settings.env.MARK_LEFTOVERS_FUNCTION, event);
    }
  },
});
