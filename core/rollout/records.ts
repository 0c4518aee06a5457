import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";

/** A step of a roll-out: the groups of a wave, or the single group that goes first. */
const step = z.object({
  waves: z.array(z.string()),
  /** Whether it is the step with the single first group. */
  first: z.boolean(),
  /** In seconds. */
  bake: z.int(),
  /** When its groups were listed. */
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
});
export type RolloutStep = z.output<typeof step>;

export const rolloutStates = ["running", "halted", "returning", "done", "returned", "superseded"] as const;

export const rolloutRecord = z.object({
  /** Unique among a channel's roll-outs, sorted by time, and valid as a name in Step Functions. */
  id: z.string(),
  /** `fast`: from a revoked build; `urgent`: to a build whose gate recorded why it is urgent. */
  kind: z.enum(["normal", "urgent", "fast"]),
  build: buildArn,
  /** The build's AMIs, for the regions that have it. */
  amis: z.record(z.string(), amiId),
  /** The time of the channel's move that it rolls out. */
  movedAt: z.iso.datetime(),
  /** The channel's previous build. */
  previous: buildArn.optional(),
  /** The roll-out that it superseded while refreshes of that one were in progress. */
  after: z.string().optional(),
  steps: z.array(step),
  /** The index of the current step. */
  index: z.int(),
  state: z.enum(rolloutStates),
  /** Why it halted, waits, or ended. */
  why: z.string().optional(),
  /** It was resumed: groups that failed, or were rolled back, are retried. */
  resumed: z.boolean().default(false),
  /** Who halted it, resumed it, or rolled it back. */
  by: z.string().optional(),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Its halt or end was notified. */
  told: z.boolean().default(false),
  /** The revision since which the current execution takes turns: earlier executions end, even after a long wait. */
  turns: z.int().optional(),
  /** Changes with each write: compare and set. */
  revision: z.int(),
});

/** A channel's roll-out. */
export type RolloutRecord = z.output<typeof rolloutRecord>;

const targetStates = ["pending", "held", "refreshing", "done", "failed", "skipped", "returning", "returned"] as const;
type TargetState = (typeof targetStates)[number];

const placed = { account: z.string(), region: z.string(), group: z.string() };

/** The group's previous configuration, so that it can be rolled back. */
const mode = z.discriminatedUnion("mode", [
  /** Its template resolves a parameter: a ring's, or (undefined) the account's copy of the channel's parameter. */
  z.object({ mode: z.literal("parameter"), ring: z.string().optional() }),
  z.object({
    mode: z.literal("version"),
    template: z.string(),
    from: z.string(),
    previousAmi: z.string(),
    /** The version that was created for the roll-out. */
    to: z.string().optional(),
    mixed: z.boolean(),
  }),
  z.object({ mode: z.literal("override"), overrides: z.string(), previousAmis: z.array(z.string()) }),
]);
export type RolloutMode = z.output<typeof mode>;

export const targetRecord = z.object({
  ...placed,
  wave: z.string(),
  step: z.int(),
  /** Its desired capacity when it was listed: the smallest group goes first. */
  size: z.int().optional(),
  how: mode.optional(),
  state: z.enum(targetStates),
  /** In words; if Amint can do nothing, with what its owner can do. */
  why: z.string().optional(),
  /** Written before a call that starts a refresh, with the group's newest refresh before it. */
  intent: z
    .object({ at: z.iso.datetime(), towards: z.enum(["new", "previous"]), newest: z.string().optional() })
    .optional(),
  refresh: z.object({ id: z.string(), towards: z.enum(["new", "previous"]) }).optional(),
  /** Number of refreshes that were started for it. */
  tries: z.int().default(0),
  /** It failed, even if it was rolled back since. */
  failed: z.boolean().default(false),
  /** A CloudWatch alarm failed it. */
  alarmed: z.boolean().default(false),
  /** It is being rolled back, or was. */
  turned: z.boolean().default(false),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** The last attempt to start it: the reason that holds it is not checked every minute. */
  checkedAt: z.iso.datetime().optional(),
  /** Changes with each write: compare and set. */
  revision: z.int().default(0),
});

/** A group in a roll-out. */
export type TargetRecord = z.output<typeof targetRecord>;

const UNDER_WAY: ReadonlySet<TargetState> = new Set(["refreshing", "returning"]);
/** A refresh or a rollback of the group is in progress. */
export const isUnderWay = ({ state }: Pick<TargetRecord, "state">): boolean => UNDER_WAY.has(state);

/** In progress, or a refresh was requested with unknown result. */
export const isBegun = (target: Pick<TargetRecord, "state" | "intent">): boolean =>
  isUnderWay(target) || target.intent !== undefined;

const ENDED: ReadonlySet<RolloutRecord["state"]> = new Set(["done", "returned", "superseded"]);
export const hasEnded = ({ state }: Pick<RolloutRecord, "state">): boolean => ENDED.has(state);

/**
 * Whether a channel's roll-out must be started or continued: the channel moved since, or it has neither halted nor ended
 * with a notice.
 */
export function isRolloutLeft(
  newest: Pick<RolloutRecord, "movedAt" | "state" | "told"> | undefined,
  pointed: { readonly movedAt: string } | undefined,
): boolean {
  if (pointed && pointed.movedAt !== newest?.movedAt) return true;
  if (newest === undefined) return false;
  return !newest.told || !(hasEnded(newest) || newest.state === "halted");
}

/** The initial state of a group. */
export const freshTarget = {
  state: "pending",
  tries: 0,
  failed: false,
  alarmed: false,
  turned: false,
  revision: 0,
} as const;

/** Nothing was started in it, or nothing can be. */
export const isOpen = ({ state }: Pick<TargetRecord, "state">): boolean =>
  state === "pending" || state === "held" || state === "skipped";

/** A group's unique name within a roll-out. */
export const nameOf = ({ account, region, group }: Pick<TargetRecord, "account" | "region" | "group">): string =>
  `${account} ${region} ${group}`;
