import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName, region } from "./ids.ts";

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
