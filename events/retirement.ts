import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, imageName, region } from "./ids.ts";

/** An unused build was disabled, or deregistered with its snapshots, in all regions. */
export const buildRetired = defineEvent(
  "build.retired",
  z.strictObject({
    image: imageName,
    build: buildArn,
    stage: z.enum(["disabled", "deregistered"]),
    amis: z.array(z.strictObject({ region, amiId: artifactId })).min(1),
    /** The proof that it is unused, as text. */
    why: z.array(z.string().min(1)),
    /** Organizations, OUs and accounts that could launch it. */
    sharedWith: z.array(z.string()),
    /** Remaining snapshots, with EC2's reason. */
    snapshotsLeft: z.array(z.strictObject({ region, snapshotId: z.string().min(1), why: z.string().min(1) })),
  }),
);

export const removedThing = z.strictObject({
  kind: z.enum(["ami", "snapshot", "container-image", "image-resource", "canary", "instance", "recipe", "component"]),
  /** The id of an AMI, snapshot, container image or instance, a canary's name, or an Image Builder ARN. */
  id: z.string().min(1),
  region,
  /** A canary's consumer account. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .exactOptional(),
  image: imageName.exactOptional(),
  build: buildArn.exactOptional(),
  /** Why it was unused. */
  why: z.string().min(1),
});

export type RemovedThing = z.output<typeof removedThing>;

/** Leftovers of builds and canary runs were removed; once a day at most. */
export const leftoversRemoved = defineEvent(
  "leftovers.removed",
  z.strictObject({
    /** As many as fit an event. */
    removed: z.array(removedThing).min(1),
    /** The number of further ones. */
    more: z.int().min(0),
  }),
);
