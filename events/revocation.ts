import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** A build was withdrawn from every channel and account. */
export const buildRevoked = defineEvent(
  "build.revoked",
  z.strictObject({
    image: imageName,
    build: buildArn,
    reason: z.string().min(1),
    by: z.string().min(1),
    /** The build that this one descends from, where that was what somebody revoked. */
    because: buildArn.optional(),
    /** Where each channel that pointed at it points now; without `to` it points at nothing. */
    channels: z.array(z.strictObject({ channel: channelName, to: buildArn.optional() })),
    withdrawn: z.array(z.strictObject({ region, amiId: artifactId })),
    /** Organizations, units and accounts that could launch it: what runs there runs on. */
    sharedWith: z.array(z.string()),
    /** What could not be withdrawn, in words; revoking the same build again tries again. */
    left: z.array(z.string()),
  }),
);

/** A revoked build is back: its AMIs are enabled and shared as they were. Channels stay where they are. */
export const buildRestored = defineEvent(
  "build.restored",
  z.strictObject({
    image: imageName,
    build: buildArn,
    by: z.string().min(1),
    reason: z.string().min(1),
    shared: z.array(z.strictObject({ region, amiId: artifactId })),
  }),
);

/** Who used a revoked build when it was revoked, as EC2's usage reports say. */
export const buildInUse = defineEvent(
  "build.in-use",
  z.strictObject({
    image: imageName,
    build: buildArn,
    /** Accounts with instances of it, or with launch templates that name one of its AMIs; the most uses first. */
    users: z.array(
      z.strictObject({
        account: z.string().regex(/^\d{12}$/),
        region,
        instances: z.int().min(0),
        launchTemplates: z.int().min(0),
      }),
    ),
    /** Regions of which nothing is known, and why. */
    unknown: z.array(z.strictObject({ region, why: z.string().min(1) })),
  }),
);
