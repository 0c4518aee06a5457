import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** Package differences from the previous build. Names are limited to twenty; the counts are complete. */
export const packageDifference = z.strictObject({
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
  examples: z.array(z.string()).max(20),
});
export type PackageDifference = z.output<typeof packageDifference>;

/** A region that a channel left behind, with the build that it keeps, if any. */
const regionBehind = z.strictObject({ region, why: z.string(), keeps: buildArn.optional() });

/** A channel points at another build: in every region, or in as many as its quorum requires. */
export const channelMoved = defineEvent(
  "channel.moved",
  z.strictObject({
    image: imageName,
    channel: channelName,
    build: buildArn,
    previousBuild: buildArn.optional(),
    regions: z.record(region, z.strictObject({ amiId: artifactId, parameter: z.string() })),
    /** Absent where all of the channel's regions have it. */
    behind: z.array(regionBehind).optional(),
    /** Absent without a previous build. */
    packages: packageDifference.optional(),
    /** The reason of a manual move: a rollback or a revocation. */
    because: z.string().min(1).optional(),
  }),
);
