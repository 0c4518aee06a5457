import { readImageStates } from "../../../adapters/ledger/image-state.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import { parseFeedMirrors } from "../../../core/packages/feed-mirrors.ts";
import { feedsOf } from "../../../core/packages/feeds-of.ts";
import { requireImage } from "../../../core/require-image.ts";
import type { WatchedImage, WatchRun } from "./watch-run.ts";

/**
 * The images whose packages are watched and that have a promoted build, with the feeds that tell of them.
 * @param only this one
 * @throws UnknownImage, InvalidFeedMirrors
 */
export async function findWatched(only: string | undefined, step: WatchRun): Promise<WatchedImage[]> {
  const { factory, env } = step.settings;
  if (only !== undefined) requireImage(factory, only);
  const mirrors = parseFeedMirrors(env.FEED_MIRRORS);
  const states = await readImageStates(step.ledger, Object.keys(factory.images));
  const watched: WatchedImage[] = [];
  for (const [image, config] of Object.entries(factory.images)) {
    if (!isWatched(config) || (only !== undefined && only !== image)) continue;
    const state = states.get(image);
    const channel = config.channels.at(-1)?.name ?? "";
    const promoted = state?.channels[channel];
    if (!state || !promoted) continue;
    const { os, architecture, triggers } = config;
    const feeds = feedsOf(os, architecture, triggers.packages.release, mirrors);
    watched.push({ image, config, state, channel, promoted, feeds });
  }
  return watched;
}

function isWatched(config: Image): config is WatchedImage["config"] {
  return config.triggers.packages !== undefined;
}
