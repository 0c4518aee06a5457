import * as z from "zod";
import { exportFormats } from "../export/formats.ts";
import { rolloutSchema } from "./rollout-schema.ts";
import { shareSchema } from "./share-schema.ts";
import { duration, nameSchema, regionSchema } from "./values.ts";

const exportsSchema = z.strictObject({
  /**
   * Disk formats, one file each.
   * @example ["vmdk"]
   */
  formats: z.array(z.enum(exportFormats)).min(1),
});

/** Who must approve a build before it enters a channel. */
const approvalSchema = z.strictObject({
  /**
   * Names from `people`. A requester cannot be the only approver of their own build.
   * @example ["ada", "grace"]
   */
  approvers: z.array(nameSchema).min(1),
  /**
   * How many different approvers must approve.
   * @defaultValue 1 if every requester is one of `people` by their IAM principal; 2 if a schedule, an advisory or an unverified request is among the build's reasons
   * @example 1
   */
  required: z.int().min(1).max(2).optional(),
  /**
   * When the request expires. The build then does not enter the channel.
   * @example "2d"
   */
  timeout: duration.prefault("3d"),
  /**
   * When approvers are reminded, once. Must be less than `timeout`.
   * @defaultValue no reminder
   * @example "1d"
   */
  remindAfter: duration.optional(),
  /**
   * What an urgent build needs: no approval, that of one approver, or the same as a usual build. One that
   * `amint build --urgent` requested needs one approver at least, and a broken gate rule with `ask` its approval in any case.
   * @example "one"
   */
  urgent: z.enum(["none", "one", "as usual"]).default("as usual"),
});

export type Approval = z.output<typeof approvalSchema>;

const soakTimes = z.strictObject({
  /**
   * How long builds stay that are not urgent.
   * @example "24h"
   */
  usual: duration,
  /**
   * How long urgent builds stay. At most `usual`.
   * @example "2h"
   */
  urgent: duration,
});

/** In seconds once parsed; a single duration is both. */
const soakSchema = z.union([duration.transform((usual) => ({ usual, urgent: usual })), soakTimes], {
  error: 'a duration such as "24h", or { usual: "24h", urgent: "2h" }',
});

/** A named pointer to a build that consumers follow; a promotion walks an image's channels in order. */
export const channelSchema = z.strictObject({
  /**
   * The channel's name. It is part of the parameter that consumers read.
   * @example "stable"
   */
  name: nameSchema,
  /**
   * Who may launch (or pull) what the channel points at.
   * @example { organization: true }
   */
  share: shareSchema,
  /**
   * Who must approve a build before it enters this channel.
   * @defaultValue no approval
   * @example { approvers: ["ada", "grace"], required: 1 }
   */
  approval: approvalSchema.optional(),
  /**
   * How long a build stays in this channel before it may enter the next one: a duration, or one for usual and one for urgent
   * builds.
   * @example { usual: "24h", urgent: "2h" }
   */
  soak: soakSchema.prefault("0m"),
  /**
   * Regions in which the channel is published; some of the image's regions.
   * @defaultValue all regions of the image
   * @example ["eu-west-1"]
   */
  regions: z.array(regionSchema).min(1).optional(),
  /**
   * The channel moves once the build is available in this many of its regions, the build region included. The other regions
   * keep the earlier build and catch up later.
   * @defaultValue all regions of the channel
   * @example 2
   */
  quorum: z.int().min(1).optional(),
  /**
   * Export each build that enters the channel to virtual machine files in the build region's bucket.
   * @defaultValue no export
   * @example { formats: ["vmdk"] }
   */
  exports: exportsSchema.optional(),
  /**
   * Replace running instances of Auto Scaling groups that opted in when the channel moves. Requires `consumers.mirror`.
   * @defaultValue no roll-out
   * @example { waves: [{ name: "early", accounts: ["400000000002"] }, { name: "rest" }] }
   */
  rollout: rolloutSchema.optional(),
});

export type Channel = z.output<typeof channelSchema>;
