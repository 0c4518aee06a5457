import * as z from "zod";
import { buildArn, channelName, imageName } from "./ids.ts";

/** Why a build starts. Several reasons that met while a build was running become one start with all of them. */
export const trigger = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schedule"), scheduledTime: z.iso.datetime() }),
  z.strictObject({ kind: z.literal("manual"), requestedBy: z.string().min(1) }),
  z.strictObject({ kind: z.literal("parent"), parent: imageName, channel: channelName, parentBuild: buildArn }),
]);
export type Trigger = z.output<typeof trigger>;
