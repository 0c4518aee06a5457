import { isRejected } from "../../../adapters/ledger/evidence.ts";
import { isUndone } from "../../../adapters/ledger/promotion.ts";
import type { Advisory } from "../../../core/packages/advisory.ts";
import { findOpen } from "../../../core/watch/find-open.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { findManifest, type WatchedImage, type WatchStep } from "./watch-step.ts";

/**
 * Of which of these advisories the newest build is free that is on its way to the channel: nobody need build for them.
 * `not-known-yet` while the evidence of that build is being collected.
 */
export async function findUnderWay(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  step: WatchStep,
): Promise<ReadonlySet<string> | "not-known-yet"> {
  const build = await findNewestUnderWay(watched, step);
  if (!build) return new Set();
  const packages = await findManifest(build, step);
  if (!packages) return "not-known-yet";
  const { image, config } = watched;
  const { open, unjudged } = findOpen({ image, config, packages, advisories });
  const still = new Set([...open.map(({ id }) => id), ...unjudged.map(({ advisory }) => advisory)]);
  return new Set(advisories.map(({ id }) => id).filter((id) => !still.has(id)));
}

/** Available, younger than the promoted one, and neither rejected nor taken back. */
async function findNewestUnderWay({ state, promoted }: WatchedImage, { ledger }: WatchStep) {
  const younger = state.builds
    .filter(({ status, startedAt }) => status === "available" && Date.parse(startedAt) > Date.parse(promoted.startedAt))
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  for (const { build } of younger) {
    if (!(await isRejected(ledger, build)) && !(await isUndone(ledger, build))) return build satisfies BuildArn;
  }
  return undefined;
}
