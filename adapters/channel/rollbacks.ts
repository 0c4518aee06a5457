import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { slackOutcomes } from "../../core/notice/slack-click.ts";
import { steering } from "../../core/rollout/slack-steering.ts";
import { buildArn } from "../../events/ids.ts";
import { absent, type Ledger, present, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const rollbackWriter = /* @__PURE__ */ writer("rollback");

const asked = z.object({
  id: z.string().min(1),
  image: z.string(),
  channel: z.string(),
  /** What the requester saw the channel point at; absent for commands. */
  from: buildArn.optional(),
  /** A build's ARN or version, as typed; default: the previous build. */
  to: z.string().optional(),
  /** For a halted roll-out instead of the channel. */
  steer: steering.optional(),
  identity: z.strictObject({ slack: z.string() }),
  /** The requester's name in Slack. */
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** The result; absent until it is known. */
  outcome: z.object({ kind: z.enum(slackOutcomes), text: z.string() }).optional(),
});

/** A request from Slack to roll a channel back, or to continue or revert its roll-out; refused ones are stored, too. */
export type RollbackRecord = z.output<typeof asked>;

type Subject = Pick<RollbackRecord, "image" | "channel" | "from" | "steer">;

/** Groups requests about the same move, or the same halt. */
const moveOf = ({ image, channel, from, steer }: Subject) => ({
  image,
  channel,
  seen: steer ? `${steer.rollout} ${steer.halted}` : (from ?? "COMMAND"),
});
const key = (record: Subject & Pick<RollbackRecord, "at" | "id">) =>
  keyOf("rollback", { ...moveOf(record), at: record.at, id: record.id });

/** @returns false where this request is already recorded */
export const recordRollback = (ledger: Ledger, record: RollbackRecord): Promise<boolean> =>
  rollbackWriter.put(ledger, key(record), record, absent);

/** Records a request's result; a retry replaces it. */
export const recordRollbackOutcome = (
  ledger: Ledger,
  record: Parameters<typeof key>[0],
  outcome: NonNullable<RollbackRecord["outcome"]>,
): Promise<boolean> => rollbackWriter.set(ledger, key(record), { outcome }, present);

/** The requests about the same move or halt, oldest first; for commands, those about the channel. */
export const listRollbacks = async (ledger: Ledger, subject: Subject): Promise<RollbackRecord[]> =>
  (await query(ledger, below("rollback", moveOf(subject)))).map((item) => asked.parse(item));
