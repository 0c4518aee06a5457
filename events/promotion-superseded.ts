import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

/** A promotion ended early because a newer build already holds the channel it came to. */
export const promotionSuperseded = defineEvent(
  "promotion.superseded",
  z.strictObject({ image: imageName, build: buildArn, channel: channelName, by: buildArn }),
);
