import * as z from "zod";
import { rollbackOutcomes } from "../../core/channel/slack-rollback.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
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
  identity: z.strictObject({ slack: z.string() }),
  /** What Slack calls them. */
  name: z.string().optional(),
  at: z.iso.datetime(),
  /** What came of it; absent while that is found out. */
  outcome: z.object({ kind: z.enum(rollbackOutcomes), text: z.string() }).optional(),
});

/** That somebody asked from Slack for a channel to go back, whoever that is; refused ones are kept, too. */
export type RollbackRecord = z.output<typeof asked>;

type Subject = Pick<RollbackRecord, "image" | "channel" | "from">;

/** Those who saw the same move lie together. */
const moveOf = ({ image, channel, from }: Subject) => ({ image, channel, seen: from ?? "COMMAND" });
const key = (record: Pick<RollbackRecord, "image" | "channel" | "from" | "at" | "id">) =>
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

/** Of those who saw the same move, oldest first; of commands, those about the channel. */
export const listRollbacks = async (ledger: Ledger, subject: Subject): Promise<RollbackRecord[]> =>
  (await query(ledger, below("rollback", moveOf(subject)))).map((item) => asked.parse(item));
