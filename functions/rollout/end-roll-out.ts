import { putEvent } from "../../adapters/bus.ts";
import { keepRollout, listTargets, putRollout } from "../../adapters/rollout/rollouts.ts";
import { describeCounts } from "../../core/rollout/count-targets.ts";
import { hasEnded, type RolloutRecord } from "../../core/rollout/records.ts";
import { rolloutEnded, rolloutHalted } from "../../events/rollout.ts";
import type { Going } from "./in-place.ts";

/** The state machine's next step after a turn. */
export type AfterTurn =
  | { readonly next: "wait"; readonly seconds: number }
  /** `open`: the channel may have moved meanwhile. */
  | { readonly next: "end" | "open" };

export const END: AfterTurn = { next: "end" };
export const OPEN: AfterTurn = { next: "open" };

export const wait = (seconds: number): AfterTurn => ({ next: "wait", seconds: Math.ceil(Math.max(1, seconds)) });

/** Writes only changes. @returns undefined if another writer changed it first */
export async function change(
  { image, channel, record, invocation }: Going,
  changes: Partial<RolloutRecord>,
): Promise<RolloutRecord | undefined> {
  const isSo = Object.entries(changes).every(([name, value]) => record[name as keyof RolloutRecord] === value);
  if (isSo) return record;
  const next = { ...record, ...changes, changedAt: invocation.now.toISOString() };
  return putRollout(invocation.ledger, { image, channel }, record, next);
}

/** Starts no more groups; running refreshes are followed to their end. */
export async function halt(running: Going, why: string, by?: string): Promise<AfterTurn> {
  const halted = await change(running, { state: "halted", why, by, told: false });
  if (!halted) return wait(1);
  await publishOnce({ ...running, record: halted });
  return wait(1);
}

type Publishing = Pick<Going, "image" | "channel" | "record" | "invocation">;

export async function finish(
  running: Publishing,
  state: "done" | "returned" | "superseded",
  why?: string,
): Promise<AfterTurn> {
  const { image, channel, record, invocation } = running;
  const endedAt = invocation.now.toISOString();
  const next = { ...record, state, why, endedAt, changedAt: endedAt, told: false };
  const ended = await putRollout(invocation.ledger, { image, channel }, record, next);
  if (!ended) return wait(1);
  await publishOnce({ ...running, record: ended });
  // The channel may have moved meanwhile.
  return OPEN;
}

/**
 * Publishes that a roll-out halted, or that it ended, if groups follow the channel or it was steered manually. After a
 * crash before the record, it is published again.
 */
export async function publishOnce({ image, channel, record, invocation }: Publishing): Promise<void> {
  if (record.told) return;
  const { id, build, why, by } = record;
  const targets = await listTargets(invocation.ledger, { image, channel, rollout: id });
  const { groups, failed, without } = describeCounts(targets);
  const of = { image, channel, build, rollout: id, groups, ...(by && { by }) };
  if (record.state === "halted") {
    const wave = record.steps[record.index]?.waves.join(", ") ?? "";
    await putEvent(invocation.bus, rolloutHalted, { ...of, wave, why: why ?? "", failed });
  } else if (record.state !== "running" && record.state !== "returning" && (targets.length > 0 || by)) {
    const seconds = Math.round((Date.parse(record.endedAt ?? record.changedAt) - Date.parse(record.startedAt)) / 1000);
    await putEvent(invocation.bus, rolloutEnded, {
      ...of,
      outcome: record.state,
      seconds,
      without,
      ...(why && { why }),
    });
  }
  if (hasEnded(record)) await keepRollout(invocation.ledger, { image, channel }, record);
  await putRollout(invocation.ledger, { image, channel }, record, { ...record, told: true });
}
