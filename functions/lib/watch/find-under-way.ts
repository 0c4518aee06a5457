import { gateOf } from "../../../adapters/ledger/evidence.ts";
import { whetherUndone } from "../../../adapters/ledger/promotion.ts";
import { readEach } from "../../../adapters/ledger/wanted.ts";
import type { Advisory } from "../../../core/packages/advisory.ts";
import { findOpen } from "../../../core/watch/find-open.ts";
import type { WatchedImage, WatchRun } from "./watch-run.ts";

/**
 * Of which of these advisories the newest build is free that is on its way to the channel: nobody need build for them.
 * `not-known-yet` while the evidence of that build is being collected.
 */
export async function findUnderWay(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  step: WatchRun,
): Promise<ReadonlySet<string> | "not-known-yet"> {
  const build = await findNewestUnderWay(watched, step);
  if (!build) return new Set();
  const packages = await step.manifest(build);
  if (!packages) return "not-known-yet";
  const { image, config } = watched;
  const { open, unjudged } = findOpen({ image, config, packages, advisories });
  const still = new Set([...open.map(({ id }) => id), ...unjudged.map(({ advisory }) => advisory)]);
  return new Set(advisories.map(({ id }) => id).filter((id) => !still.has(id)));
}

/** Available, younger than the promoted one, and neither rejected nor taken back. */
async function findNewestUnderWay({ state, promoted }: WatchedImage, { ledger }: WatchRun) {
  const younger = state.builds
    .filter(({ status, startedAt }) => status === "available" && Date.parse(startedAt) > Date.parse(promoted.startedAt))
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const builds = younger.map(({ build }) => build);
  const found = await readEach(ledger, builds, (build) => [gateOf(build), whetherUndone(build)] as const);
  return builds.find((build) => {
    const [gate, undone] = found.get(build) ?? [];
    return gate?.verdict !== "rejected" && !undone;
  });
}
