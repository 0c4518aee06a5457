import * as z from "zod";
import { exportFormats } from "../export/formats.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import { shareSchema } from "./share-schema.ts";
import { duration, nameSchema, regionSchema } from "./values.ts";

/** Files of virtual machines that a channel's builds are exported to. */
const exportsSchema = z.strictObject({
  formats: z.array(z.enum(exportFormats)).min(1),
});

/** Who must agree before a build enters a channel. */
const approvalSchema = z.strictObject({
  /** People of the factory's `people`. Whoever triggered the build cannot be the only one who agrees. */
  approvers: z.array(nameSchema).min(1),
  /**
   * How many different people must agree. Left out: one where everyone who asked for the build is one of `people`, by IAM;
   * two where a schedule, an advisory or an unverified request is among the reasons.
   */
  required: z.int().min(1).max(2).optional(),
  /** After this nobody is asked any more: the build does not enter the channel. */
  timeout: duration.default(3 * 86_400),
  /** Once, when nobody has answered for so long; left out, nobody is reminded. */
  remindAfter: duration.optional(),
});

export type Approval = z.output<typeof approvalSchema>;

/** A named pointer to a build that consumers follow; a promotion walks an image's channels in order. */
export const channelSchema = z.strictObject({
  name: nameSchema,
  share: shareSchema,
  approval: approvalSchema.optional(),
  /** How long a build stays in this channel before it may enter the next one. */
  soak: duration.default(0),
  /** Where it is published, of the image's regions; left out, in all of them. */
  regions: z.array(regionSchema).min(1).optional(),
  /**
   * It moves once so many of its regions have the build, the build region among them; the others keep what they had,
   * and follow. Left out, all of them must have it.
   */
  quorum: z.int().min(1).optional(),
  /** What becomes of each build that enters it, in the build region; left out, no file is made. */
  exports: exportsSchema.optional(),
  /** How running instances follow it, in Auto Scaling groups that opted in; left out, none does. */
  rollout: rolloutSchema.optional(),
});

export type Channel = z.output<typeof channelSchema>;
