import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";

/** A vendor's feed could not be read, or not be believed. It says nothing about updates, and never "none". */
export const feedFailed = defineEvent(
  "feed.failed",
  z.strictObject({
    /** Which feed: the address of its metadata. */
    feed: z.string().min(1),
    /** Images whose packages could not be judged. */
    images: z.array(imageName).min(1),
    /** What kind of failure: see `FeedFailure`. */
    code: z.string().min(1),
    reason: z.string().min(1),
  }),
);
