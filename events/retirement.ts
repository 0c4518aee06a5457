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

export const removedThing = z.strictObject({
  kind: z.enum(["ami", "snapshot", "container-image", "image-resource", "canary", "instance", "recipe", "component"]),
  /** An AMI's, a snapshot's, a container image's or an instance's id, a canary's name, an ARN of Image Builder's. */
  id: z.string().min(1),
  region,
  /** The consumer's account, of a canary. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .exactOptional(),
  image: imageName.exactOptional(),
  build: buildArn.exactOptional(),
  /** Why nobody would have used it. */
  why: z.string().min(1),
});

export type RemovedThing = z.output<typeof removedThing>;

/** What builds and trials had left behind is gone; told once a day at most. */
export const leftoversRemoved = defineEvent(
  "leftovers.removed",
  z.strictObject({
    /** As many as fit an event. */
    removed: z.array(removedThing).min(1),
    /** How many more there were. */
    more: z.int().min(0),
  }),
);
