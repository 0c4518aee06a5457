import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** What is in a build that was not in the build before it. Names are cut at twenty; the counts are whole. */
export const packageDifference = z.strictObject({
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
  examples: z.array(z.string()).max(20),
});
export type PackageDifference = z.output<typeof packageDifference>;

/** A region that a channel left behind, with the build that it keeps; without one where it has none. */
const regionBehind = z.strictObject({ region, why: z.string(), keeps: buildArn.optional() });

/** A channel points at another build: in every region, or in as many as its quorum asks for. */
export const channelMoved = defineEvent(
  "channel.moved",
  z.strictObject({
    image: imageName,
    channel: channelName,
    build: buildArn,
    previousBuild: buildArn.optional(),
    regions: z.record(region, z.strictObject({ amiId: artifactId, parameter: z.string() })),
    /** Left out where all of the channel's regions have it. */
    behind: z.array(regionBehind).optional(),
    /** Left out where there is no build to compare with. */
    packages: packageDifference.optional(),
    /** Why, where somebody moved it by hand: a rollback, a revocation. */
    because: z.string().min(1).optional(),
  }),
);
