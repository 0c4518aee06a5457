import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

/**
 * A promotion stopped by an error; what it had changed is taken back, as `undone` lists. What could not be taken back
 * stands in `left`, with the reason: somebody has to look.
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

/** A promotion ended early because a newer build already holds the channel it came to. */
export const promotionSuperseded = defineEvent(
  "promotion.superseded",
  z.strictObject({ image: imageName, build: buildArn, channel: channelName, by: buildArn }),
);
