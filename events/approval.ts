import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

const subject = { image: imageName, build: buildArn, channel: channelName };

/** One approver's answer, and how it was given. */
const answer = z.strictObject({
  /** A name in the config's `people`. */
  person: z.string().min(1),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500).optional(),
  via: z.enum(["slack", "cli"]),
  at: z.iso.datetime(),
});
export type Answer = z.output<typeof answer>;

/** A promotion waits for the approval of a build for a channel. */
export const approvalRequested = defineEvent(
  "approval.requested",
  z.strictObject({
    ...subject,
    approvers: z.array(z.string()).min(1),
    /** How many approvers must approve. */
    required: z.int().min(1),
    expiresAt: z.iso.datetime(),
    /** A reminder: no approver has answered. */
    reminder: z.boolean().default(false),
  }),
);

/** An approver approved, but more must. */
export const approvalGiven = defineEvent(
  "approval.given",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** Enough approvers approved. */
export const approvalGranted = defineEvent(
  "approval.granted",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** An approver rejected it. */
export const approvalDenied = defineEvent(
  "approval.denied",
  z.strictObject({ ...subject, answers: z.array(answer).min(1) }),
);

/** Too few approvers approved in time: the build does not enter the channel. */
export const approvalExpired = defineEvent(
  "approval.expired",
  z.strictObject({ ...subject, answers: z.array(answer) }),
);
