import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

const ofRollout = { image: imageName, channel: channelName, build: buildArn, rollout: z.string().min(1) };

const counts = z.strictObject({
  done: z.int().min(0),
  failed: z.int().min(0),
  held: z.int().min(0),
  skipped: z.int().min(0),
  returned: z.int().min(0),
  /** Not started, or running. */
  open: z.int().min(0),
});
export type RolloutCounts = z.output<typeof counts>;

/** A roll-out stopped replacing instances until a user decides. */
export const rolloutHalted = defineEvent(
  "rollout.halted",
  z.strictObject({
    ...ofRollout,
    wave: z.string(),
    why: z.string().min(1),
    /** Who halted it; absent where it halted by itself. */
    by: z.string().optional(),
    groups: counts,
    /** Failed groups with reasons, ten at most. */
    failed: z.array(z.string()).max(10),
  }),
);

/** A roll-out ended: it reached every group that it could, was reverted, or was superseded. */
export const rolloutEnded = defineEvent(
  "rollout.ended",
  z.strictObject({
    ...ofRollout,
    outcome: z.enum(["done", "returned", "superseded"]),
    why: z.string().optional(),
    by: z.string().optional(),
    seconds: z.int().min(0),
    groups: counts,
    /** Groups that do not run the build, with reasons, ten at most. */
    without: z.array(z.string()).max(10),
  }),
);
