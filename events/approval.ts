import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

const subject = { image: imageName, build: buildArn, channel: channelName };

/** One person's answer, and how it came. */
const answer = z.strictObject({
  /** A name of the config's `people`. */
  person: z.string().min(1),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500).optional(),
  via: z.enum(["slack", "cli"]),
  at: z.iso.datetime(),
});
export type Answer = z.output<typeof answer>;

/** A promotion waits until people agree that a build enters a channel. */
export const approvalRequested = defineEvent(
  "approval.requested",
  z.strictObject({
    ...subject,
    approvers: z.array(z.string()).min(1),
    /** How many different people must agree. */
    required: z.int().min(1),
    expiresAt: z.iso.datetime(),
    /** Asked for again, because nobody has answered. */
    reminder: z.boolean().default(false),
  }),
);

/** Somebody agreed, and that is not enough yet. */
export const approvalGiven = defineEvent(
  "approval.given",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** Enough people agreed. */
export const approvalGranted = defineEvent(
  "approval.granted",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** Somebody who may refuse did. */
export const approvalDenied = defineEvent(
  "approval.denied",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** Nobody, or not enough people, agreed in time: the build does not enter the channel. */
export const approvalExpired = defineEvent(
  "approval.expired",
  z.strictObject({ ...subject, answers: z.array(answer) }),
);
