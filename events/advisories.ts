import * as z from "zod";
import { baseTrigger, packagesTrigger } from "./build.ts";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";

/** Advisories apply to packages of the build that an image's last channel points at. */
export const packageUpdated = defineEvent(
  "package.updated",
  packagesTrigger.omit({ kind: true }).extend({ image: imageName }),
);

/**
 * An image's base (a public AMI or a registry's container image) differs from the one that its newest build started
 * from.
 */
export const baseUpdated = defineEvent("base.updated", baseTrigger.omit({ kind: true }).extend({ image: imageName }));

/** A vendor's feed could not be read or not be trusted. It never means "no updates". */
export const feedFailed = defineEvent(
  "feed.failed",
  z.strictObject({
    /** The feed's metadata URL. */
    feed: z.string().min(1),
    /** Images whose packages could not be evaluated. */
    images: z.array(imageName).min(1),
    /** What the feed provides, if not advisories. */
    of: z.enum(["severities", "notices", "known-exploited", "exploit-scores"]).optional(),
    /** The kind of failure: see `FeedFailure`. */
    code: z.string().min(1),
    reason: z.string().min(1),
  }),
);

/** No AMI of a parent's owner can replace the present one, which stays. */
export const parentUnresolved = defineEvent(
  "parent.unresolved",
  z.strictObject({
    image: imageName,
    /** The parameter, and its present AMI, which stays. */
    parameter: z.string().min(1),
    present: z.string().min(1).optional(),
    owner: z.string().min(1),
    /** The name pattern. */
    name: z.string().min(1),
    /** Either nothing matches, or only AMIs that are older than the present one. */
    code: z.enum(["none", "withdrawn"]),
    reason: z.string().min(1),
  }),
);
