import { readImageStates } from "../../adapters/build/image-state.ts";
import { beginLook, findLook, recordLook, wantLook } from "../../adapters/repair/looks.ts";
import { listDrift } from "../../adapters/repair/told-drift.ts";
import { type DriftSignal, decideLook, hasSeen, type Look, lookName } from "../../core/repair/decide-look.ts";
import { isLeft } from "../../core/repair/find-drift.ts";
import { keysOf } from "../share/marks.ts";
import { compareLook, FINDS, scopeOf } from "./compare.ts";
import type { RepairStep } from "./repair.ts";
import type { Known, Scope } from "./scope.ts";
import { isOf, isRecent } from "./tell-drift.ts";

/** How many differences were new, or why an event caused no comparison. */
export type Looked =
  | { readonly repaired: number }
  | {
      readonly because:
        | "not of this factory"
        | "not published"
        | "seen already"
        | "moved just now"
        | "repaired just now"
        | "under way";
    };

/**
 * Compares what an event reports as changed with the ledger. The factory's own writes send the same events; when
 * everything matches, a comparison changes nothing, so repairs do not trigger each other.
 */
export async function lookAt(signal: DriftSignal, step: RepairStep): Promise<Looked> {
  const { ledger, settings, now } = step;
  const look = decideLook(signal, settings.factory, settings.place);
  if (!look || isForeignKey(look, step)) return { because: "not of this factory" };
  const states = await readImageStates(ledger, Object.keys(settings.factory.images), ["channels"]);
  const scope = scopeOf(look, states);
  const channels = channelsIn(scope, states);
  if (look.kind === "ami" && channels.length === 0) return { because: "not published" };
  // The function that moves a channel is writing to AWS; the channel is compared after the move.
  const moving = channels.filter(({ movedAt }) => !isLeft(movedAt, now));
  if (moving.length > 0 && moving.length === channels.length) return { because: "moved just now" };
  const name = lookName(look);
  const record = await findLook(ledger, name);
  if (hasSeen(record?.lookedAt, signal.time)) return { because: "seen already" };
  const later = async (because: "moved just now" | "repaired just now" | "under way") => {
    if (!record?.wantedAt) await wantLook(ledger, name, now);
    return { because };
  };
  // Most likely the move's own event, but it may concern another channel's share.
  if (moving.length > 0 && look.kind === "parameter-shares") return later("moved just now");
  const known = { states, told: await listDrift(ledger) };
  if (wasRepairedJustNow(look, known, scope, now)) return later("repaired just now");
  if (!(await beginLook(ledger, name, now))) return later("under way");
  const repaired = await compareLook(look, known, step);
  await recordLook(ledger, name, now);
  return { repaired };
}

const isForeignKey = (look: Look, step: RepairStep): boolean =>
  (look.kind === "key" || look.kind === "grants") && keysOf(step).get(look.region) !== look.key;

const channelsIn = (scope: Scope, states: Known["states"]) =>
  [...states].flatMap(([image, { channels }]) =>
    Object.entries(channels).flatMap(([channel, { movedAt }]) =>
      scope.covers({ image, channel }) ? [{ image, channel, movedAt }] : [],
    ),
  );

/**
 * Repairs of one thing are an hour apart: a process that reverts them at once would otherwise cause an endless loop.
 */
const wasRepairedJustNow = (look: Look, { told }: Known, scope: Scope, now: Date): boolean =>
  told.some(
    (one) =>
      one.repaired &&
      isRecent(one, now) &&
      isOf(one, FINDS[look.kind], scope.regions) &&
      scope.covers({ image: one.image ?? "", channel: one.channel ?? "" }),
  );
