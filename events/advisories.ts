import * as z from "zod";
import { baseTrigger, packagesTrigger } from "./build.ts";
import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";

/** Advisories apply to what is installed in the build that an image's last channel points at. */
export const packageUpdated = defineEvent(
  "package.updated",
  packagesTrigger.omit({ kind: true }).extend({ image: imageName }),
);

/** What an image starts from, a public AMI or a registry's container image, is another one than its newest build started from. */
export const baseUpdated = defineEvent("base.updated", baseTrigger.omit({ kind: true }).extend({ image: imageName }));

/** A vendor's feed could not be read, or not be believed. It says nothing about updates, and never "none". */
export const feedFailed = defineEvent(
  "feed.failed",
  z.strictObject({
    /** Which feed: the address of its metadata. */
    feed: z.string().min(1),
    /** Images whose packages could not be judged. */
    images: z.array(imageName).min(1),
    /** What the feed says, if not advisories. */
    of: z.enum(["severities", "notices", "known-exploited", "exploit-scores"]).optional(),
    /** What kind of failure: see `FeedFailure`. */
    code: z.string().min(1),
    reason: z.string().min(1),
  }),
);

/** No AMI of a parent's owner can take the place of the present one, which stays. */
export const parentUnresolved = defineEvent(
  "parent.unresolved",
  z.strictObject({
    image: imageName,
    /** The parameter, and the AMI that it goes on naming. */
    parameter: z.string().min(1),
    present: z.string().min(1).optional(),
    owner: z.string().min(1),
    /** The pattern of names. */
    name: z.string().min(1),
    /** `none`: nothing matches. `withdrawn`: only AMIs that are older than the present one do. */
    code: z.enum(["none", "withdrawn"]),
    reason: z.string().min(1),
  }),
);
