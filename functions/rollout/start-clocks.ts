import { openClocks } from "../../adapters/rollout/exposures.ts";
import type { Advisory } from "../../core/advisories/feed.ts";
import { toClocks } from "../../core/rollout/exposure.ts";
import type { WatchedImage, WatchRun } from "../advisories/watch-run.ts";
import { requireManifest } from "../advisories/watch-run.ts";

/** Starts the clocks of new advisories in each of the image's channels with roll-outs. */
export async function startClocks(
  { image, config, promoted }: WatchedImage,
  advisories: readonly Advisory[],
  invocation: WatchRun,
): Promise<void> {
  const channels = config.channels.filter(({ rollout }) => rollout).map(({ name }) => name);
  if (channels.length === 0 || advisories.length === 0) return;
  const manifest = await requireManifest(promoted.build, invocation);
  const clocks = toClocks(advisories, { image, channels, affected: promoted, manifest, now: invocation.now });
  const started = await openClocks(invocation.ledger, clocks);
  if (started > 0) invocation.log.info("clocks started", { image, started });
}
