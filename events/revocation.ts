import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** A build was removed from every channel and unshared from every account. */
export const buildRevoked = defineEvent(
  "build.revoked",
  z.strictObject({
    image: imageName,
    build: buildArn,
    reason: z.string().min(1),
    by: z.string().min(1),
    /** The revoked ancestor, when this build was revoked as its descendant. */
    because: buildArn.optional(),
    /** Where each affected channel points now; without `to`, it is empty. */
    channels: z.array(z.strictObject({ channel: channelName, to: buildArn.optional() })),
    withdrawn: z.array(z.strictObject({ region, amiId: artifactId })),
    /** Organizations, OUs and accounts that could launch it; running instances continue. */
    sharedWith: z.array(z.string()),
    /** What is still shared, as text; revoking the build again retries it. */
    left: z.array(z.string()),
  }),
);

/** A revoked build was restored: its AMIs are enabled and shared as before. Channels do not move. */
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

/** Who used a revoked build at its revocation, according to EC2's usage reports. */
export const buildInUse = defineEvent(
  "build.in-use",
  z.strictObject({
    image: imageName,
    build: buildArn,
    /** Accounts with instances of it, or with launch templates that name one of its AMIs; most used first. */
    users: z.array(
      z.strictObject({
        account: z.string().regex(/^\d{12}$/),
        region,
        instances: z.int().min(0),
        launchTemplates: z.int().min(0),
      }),
    ),
    /** Regions with unknown usage, and why. */
    unknown: z.array(z.strictObject({ region, why: z.string().min(1) })),
  }),
);
