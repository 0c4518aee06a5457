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
  /** What they saw the channel point at; left out where they saw nothing. */
  from: buildArn.optional(),
  /** A build's ARN, or as people say it; left out: the last one before. */
  to: z.string().optional(),
  /** Where it is about a halted roll-out, not about the channel itself. */
  steer: steering.optional(),
  identity: z.strictObject({ slack: z.string() }),
  /** What Slack calls them. */
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** What came of it; absent while that is found out. */
  outcome: z.object({ kind: z.enum(slackOutcomes), text: z.string() }).optional(),
});

/** That somebody asked from Slack for a channel to go back, or for its roll-out to go on or back; refused ones are kept, too. */
export type RollbackRecord = z.output<typeof asked>;

type Subject = Pick<RollbackRecord, "image" | "channel" | "from" | "steer">;

/** Those who saw the same move, or the same halt, lie together. */
const moveOf = ({ image, channel, from, steer }: Subject) => ({
  image,
  channel,
  seen: steer ? `${steer.rollout} ${steer.halted}` : (from ?? "COMMAND"),
});
const key = (record: Subject & Pick<RollbackRecord, "at" | "id">) =>
  keyOf("rollback", { ...moveOf(record), at: record.at, id: record.id });

/** @returns false where this very request is kept already */
export const recordRollback = (ledger: Ledger, record: RollbackRecord): Promise<boolean> =>
  rollbackWriter.put(ledger, key(record), record, absent);

/** What came of a request; of one that is tried again, the newest. */
export const recordRollbackOutcome = (
  ledger: Ledger,
  record: Parameters<typeof key>[0],
  outcome: NonNullable<RollbackRecord["outcome"]>,
): Promise<boolean> => rollbackWriter.set(ledger, key(record), { outcome }, present);

/** Of those who saw the same move or halt, oldest first; of commands, those about the channel. */
export const listRollbacks = async (ledger: Ledger, subject: Subject): Promise<RollbackRecord[]> =>
  (await query(ledger, below("rollback", moveOf(subject)))).map((item) => asked.parse(item));
