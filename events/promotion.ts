import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

/**
 * A promotion failed; its changes are undone, as listed in `undone`. What could not be undone is in `left`, with the
 * reason, and needs attention.
 */
export const promotionFailed = defineEvent(
  "promotion.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    error: z.string().min(1),
    cause: z.string(),
    undone: z.array(z.string()),
    left: z.array(z.string()),
  }),
);

/** A promotion ended early because a newer build supersedes it at a channel. */
export const promotionSuperseded = defineEvent(
  "promotion.superseded",
  z.strictObject({ image: imageName, build: buildArn, channel: channelName, by: buildArn }),
);
