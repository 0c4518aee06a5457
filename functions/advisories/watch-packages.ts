import * as z from "zod";
import { type FeedMemory, readWatchMemory } from "../../adapters/advisories/feed-memory.ts";
import { exploitList, exploitListNames } from "../../core/advisories/exploits.ts";
import type { Feed } from "../../core/advisories/feed.ts";
import { parseFeedMirrors } from "../../core/advisories/feeds-of.ts";
import { imageFeeds } from "../../core/advisories/image-feeds.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { forEachImage } from "../in-turn.ts";
import { lambda } from "../lambda.ts";
import { startClocks } from "../rollout/start-clocks.ts";
import { judgeImage } from "./judge-image.ts";
import { keepUrgent, publishJudgement } from "./publish-judgement.ts";
import { readExploits } from "./read-exploits.ts";
import { readOpenAdvisories } from "./read-open-advisories.ts";
import { readReasons } from "./read-reasons.ts";
import { toWatchRun, type WatchedImage, type WatchRun } from "./watch-run.ts";

/** From the schedule, or on request: for one image or all. */
const input = z.strictObject({ scheduledTime: z.iso.datetime().optional(), image: z.string().optional() });

/**
 * The images with watched packages and a promoted build, with their feeds and the records of those.
 * @param only this image
 * @throws UnknownImage, InvalidFeedMirrors
 */
async function findWatched(
  only: string | undefined,
  invocation: WatchRun,
): Promise<{ readonly watched: readonly WatchedImage[]; readonly memory: FeedMemory }> {
  const { factory, env } = invocation.settings;
  if (only !== undefined) requireImage(factory, only);
  const mirrors = parseFeedMirrors(env.FEED_MIRRORS);
  const candidates = Object.entries(factory.images).flatMap(([image, config]) => {
    if (!isWatched(config) || (only !== undefined && only !== image)) return [];
    return [{ image, config, channel: config.channels.at(-1)?.name ?? "", feeds: imageFeeds(factory, image, mirrors) }];
  });
  const { promoted, memory } = await readWatchMemory(
    invocation.ledger,
    candidates.map(({ image, channel, feeds }) => ({ image, channel, feeds: feeds.flatMap(addressesOf) })),
    exploitListNames.map((name) => exploitList(name, mirrors).url),
  );
  const watched = candidates.flatMap((one) => {
    const pointed = promoted.get(one.image);
    return pointed ? [{ ...one, promoted: pointed, urgent: memory.urgent(one.image) }] : [];
  });
  return { watched, memory };
}

/** The feed, and the sources that complete its updates: each can fail. */
const addressesOf = (feed: Feed): string[] => [
  feed.url,
  ...(feed.kind === "debian" ? [feed.severities, feed.notices].flatMap((one) => one?.url ?? []) : []),
];

function isWatched(config: Image): config is WatchedImage["config"] {
  return config.triggers.packages !== undefined;
}

/** Publishes which vendors' advisories apply to the packages of promoted builds; repeated until they are handled. */
export const handler = lambda({
  input,
  env: ["EVIDENCE_BUCKET", "FEED_MIRRORS"],
  async run({ image: only }, given) {
    const invocation = toWatchRun(given);
    const { watched, memory } = await findWatched(only, invocation);
    const open = await readOpenAdvisories(watched, memory, invocation);
    const exploits = await readExploits(watched, open, memory, invocation);
    const reasonsOf = await readReasons(watched, open, invocation);
    const updated = await forEachImage(watched, async (one) => {
      const advisories = open.get(one.image) ?? [];
      if (advisories.length === 0) {
        await keepUrgent(one, [], invocation);
        return false;
      }
      const judgement = await judgeImage(one, { advisories, exploits, reasons: reasonsOf(one.image) }, invocation);
      // Before the event that starts a build because of them.
      await keepUrgent(one, judgement.urgent, invocation);
      await startClocks(one, judgement.exposed, invocation);
      return await publishJudgement(one, judgement, invocation);
    });
    return { watched: watched.map(({ image }) => image), updated };
  },
});
