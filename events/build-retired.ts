import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, imageName, region } from "./ids.ts";

/** Nobody uses a build, and it is disabled, or gone with its snapshots, in all regions. */
export const buildRetired = defineEvent(
  "build.retired",
  z.strictObject({
    image: imageName,
    build: buildArn,
    stage: z.enum(["disabled", "deregistered"]),
    amis: z.array(z.strictObject({ region, amiId: artifactId })).min(1),
    /** By what it was seen that nobody uses it, in words. */
    why: z.array(z.string().min(1)),
    /** Organizations, units and accounts that could launch it once. */
    sharedWith: z.array(z.string()),
    /** Snapshots that stayed, and why, as EC2 said. */
    snapshotsLeft: z.array(z.strictObject({ region, snapshotId: z.string().min(1), why: z.string().min(1) })),
  }),
);
