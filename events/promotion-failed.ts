import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";

/** A promotion stopped by an error; what it had changed is taken back, as `undone` lists. */
export const promotionFailed = defineEvent(
  "promotion.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    error: z.string().min(1),
    cause: z.string(),
    undone: z.array(z.string()),
  }),
);
