import * as z from "zod";
import { forEachImage } from "./lib/for-each-image.ts";
import { lambda } from "./lib/lambda.ts";
import { findWatched } from "./lib/watch/find-watched.ts";
import { judgeImage } from "./lib/watch/judge-image.ts";
import { readOpenAdvisories } from "./lib/watch/read-open-advisories.ts";
import { tellJudgement } from "./lib/watch/tell-judgement.ts";
import { toWatchRun } from "./lib/watch/watch-run.ts";

/** From the schedule, or asked for: of one image, or of all. */
const input = z.strictObject({ scheduledTime: z.iso.datetime().optional(), image: z.string().optional() });

/** Says which vendors' advisories apply to what is installed in promoted builds; again, until they are answered. */
export const handler = lambda({
  input,
  env: ["EVIDENCE_BUCKET", "FEED_MIRRORS"],
  async run({ image: only }, given) {
    const step = toWatchRun(given);
    const watched = await findWatched(only, step);
    const open = await readOpenAdvisories(watched, step);
    const updated = await forEachImage(watched, async (one) => {
      const advisories = open.get(one.image) ?? [];
      if (advisories.length === 0) return false;
      return await tellJudgement(one, await judgeImage(one, advisories, step), step);
    });
    return { watched: watched.map(({ image }) => image), updated };
  },
});
