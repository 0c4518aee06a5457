import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";

/** A part of a roll-out: the groups of a wave, or one of them that goes first. */
const step = z.object({
  waves: z.array(z.string()),
  /** Only one group: the first of all. */
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
  /** Unique among a channel's roll-outs, and sorted by time; a name as Step Functions takes it. */
  id: z.string(),
  /** `fast`: from a revoked build. */
  kind: z.enum(["normal", "fast"]),
  build: buildArn,
  /** By region, of those that have it. */
  amis: z.record(z.string(), amiId),
  /** When the channel's record was written that it carries out. */
  movedAt: z.iso.datetime(),
  /** What the channel pointed at before. */
  previous: buildArn.optional(),
  /** The roll-out that it superseded while that one's refreshes were under way. */
  after: z.string().optional(),
  steps: z.array(step),
  /** The present one's index. */
  index: z.int(),
  state: z.enum(rolloutStates),
  /** Why it halted, waits, or ended. */
  why: z.string().optional(),
  /** A person had it go on: what failed, or was taken back, is to be tried again. */
  resumed: z.boolean().default(false),
  /** Who halted it, resumed it, or had it taken back. */
  by: z.string().optional(),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** That people were told of its halt, or of its end. */
  told: z.boolean().default(false),
  /** The revision from which an execution takes turns: those that began before end, also after a long wait. */
  turns: z.int().optional(),
  /** Changes with each write: compare and set. */
  revision: z.int(),
});

/** A channel's roll-out. */
export type RolloutRecord = z.output<typeof rolloutRecord>;

const targetStates = ["pending", "held", "refreshing", "done", "failed", "skipped", "returning", "returned"] as const;
type TargetState = (typeof targetStates)[number];

const placed = { account: z.string(), region: z.string(), group: z.string() };

/** What a group's refresh starts from, kept so that it can be taken back to it. */
const mode = z.discriminatedUnion("mode", [
  /** Its template resolves a parameter: a ring's, or (undefined) the account's copy of the channel's. */
  z.object({ mode: z.literal("parameter"), ring: z.string().optional() }),
  z.object({
    mode: z.literal("version"),
    template: z.string(),
    from: z.string(),
    previousAmi: z.string(),
    /** Made for the roll-out. */
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
  /** How many instances it wanted when it was listed: the smallest goes first. */
  size: z.int().optional(),
  how: mode.optional(),
  state: z.enum(targetStates),
  /** In words; where nothing can be done, with what its owner would do. */
  why: z.string().optional(),
  /** Written before a call that starts a refresh, with the group's newest refresh before it. */
  intent: z
    .object({ at: z.iso.datetime(), towards: z.enum(["new", "previous"]), newest: z.string().optional() })
    .optional(),
  refresh: z.object({ id: z.string(), towards: z.enum(["new", "previous"]) }).optional(),
  /** Refreshes that were begun for it. */
  tries: z.int().default(0),
  /** It failed, also where it was taken back since. */
  failed: z.boolean().default(false),
  /** CloudWatch's alarm failed it. */
  alarmed: z.boolean().default(false),
  /** It is, or was, taken back. */
  turned: z.boolean().default(false),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** When it was last tried to start it: what holds it is not asked every minute. */
  checkedAt: z.iso.datetime().optional(),
  /** Changes with each write: compare and set. */
  revision: z.int().default(0),
});

/** A group in a roll-out. */
export type TargetRecord = z.output<typeof targetRecord>;

const UNDER_WAY: ReadonlySet<TargetState> = new Set(["refreshing", "returning"]);
/** Something was begun in it that is not over. */
export const isUnderWay = ({ state }: Pick<TargetRecord, "state">): boolean => UNDER_WAY.has(state);

/** It is, or its refresh was asked for and nobody knows yet what came of that. */
export const isBegun = (target: Pick<TargetRecord, "state" | "intent">): boolean =>
  isUnderWay(target) || target.intent !== undefined;

const ENDED: ReadonlySet<RolloutRecord["state"]> = new Set(["done", "returned", "superseded"]);
export const hasEnded = ({ state }: Pick<RolloutRecord, "state">): boolean => ENDED.has(state);

/** Of a group that nothing was done about yet. */
export const freshTarget = {
  state: "pending",
  tries: 0,
  failed: false,
  alarmed: false,
  turned: false,
  revision: 0,
} as const;

/** Nothing was begun in it, or nothing can be. */
export const isOpen = ({ state }: Pick<TargetRecord, "state">): boolean =>
  state === "pending" || state === "held" || state === "skipped";

/** A group among all of a roll-out's. */
export const nameOf = ({ account, region, group }: Pick<TargetRecord, "account" | "region" | "group">): string =>
  `${account} ${region} ${group}`;
