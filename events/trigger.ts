import * as z from "zod";
import { applicableAdvisory } from "./advisory.ts";
import { baseId, buildArn, channelName, imageName } from "./ids.ts";

/** How many advisories are told in full; further ones only by id, so that an event stays below EventBridge's size limit. */
export const MOST_TOLD = 100;
const told = z.array(applicableAdvisory).max(MOST_TOLD);

/** Advisories that apply to a build that a channel points at. */
export const packagesTrigger = z.strictObject({
  kind: z.literal("packages"),
  /** The build that was looked at. */
  build: buildArn,
  advisories: told,
  /** Ids of further ones, where there are more than are told in full. */
  others: z.array(z.string().min(1)).default([]),
});

/** The public AMI, or the registry's container image, that an image starts from is another one now. */
export const baseTrigger = z.strictObject({
  kind: z.literal("base"),
  /** What names it: a public SSM parameter, or a container image by a tag, such as `public.ecr.aws/docker/library/node:22`. */
  name: z.string().min(1),
  from: baseId,
  to: baseId,
});

/** Why a build starts. Several reasons that met while a build was running become one start with all of them. */
export const trigger = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schedule"), scheduledTime: z.iso.datetime() }),
  packagesTrigger,
  baseTrigger,
  z.strictObject({ kind: z.literal("parent"), parent: imageName, channel: channelName, parentBuild: buildArn }),
  z.strictObject({
    kind: z.literal("manual"),
    requestedBy: z.string().min(1),
    reason: z.string().min(1).max(500).optional(),
  }),
]);
export type Trigger = z.output<typeof trigger>;
