import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { amiId, buildArn, channelName, imageName, region } from "./ids.ts";

/** What is in a build that was not in the build before it. Names are cut at twenty; the counts are whole. */
export const packageDifference = z.strictObject({
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
  examples: z.array(z.string()).max(20),
});
export type PackageDifference = z.output<typeof packageDifference>;

/** A channel points at another build, in every region. */
export const channelMoved = defineEvent(
  "channel.moved",
  z.strictObject({
    image: imageName,
    channel: channelName,
    build: buildArn,
    previousBuild: buildArn.optional(),
    regions: z.record(region, z.strictObject({ amiId, parameter: z.string() })),
    /** Left out where there is no build to compare with. */
    packages: packageDifference.optional(),
    /** Why, where somebody moved it by hand: a rollback, a revocation. */
    because: z.string().min(1).optional(),
  }),
);
