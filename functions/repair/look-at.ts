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

/** Why nothing was compared because of an event, or how many differences were new. */
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
 * Compares with the ledger what an event says was changed. Our own writes send the same events: what says what it should
 * costs a look and changes nothing, so no repair causes another.
 */
export async function lookAt(signal: DriftSignal, step: RepairStep): Promise<Looked> {
  const { ledger, settings, now } = step;
  const look = decideLook(signal, settings.factory, settings.place);
  if (!look || isForeignKey(look, step)) return { because: "not of this factory" };
  const states = await readImageStates(ledger, Object.keys(settings.factory.images), ["channels"]);
  const scope = scopeOf(look, states);
  const channels = channelsIn(scope, states);
  if (look.kind === "ami" && channels.length === 0) return { because: "not published" };
  // Whatever moves a channel writes to AWS just now; the channel is compared once the move is over.
  const moving = channels.filter(({ movedAt }) => !isLeft(movedAt, now));
  if (moving.length > 0 && moving.length === channels.length) return { because: "moved just now" };
  const name = lookName(look);
  const record = await findLook(ledger, name);
  if (hasSeen(record?.lookedAt, signal.time)) return { because: "seen already" };
  const later = async (because: "moved just now" | "repaired just now" | "under way") => {
    if (!record?.wantedAt) await wantLook(ledger, name, now);
    return { because };
  };
  // Most likely the move's own; it may be about another channel's share.
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

/** Whatever changes it back at once would have its way for ever: repairs of one thing are an hour apart. */
const wasRepairedJustNow = (look: Look, { told }: Known, scope: Scope, now: Date): boolean =>
  told.some(
    (one) =>
      one.repaired &&
      isRecent(one, now) &&
      isOf(one, FINDS[look.kind], scope.regions) &&
      scope.covers({ image: one.image ?? "", channel: one.channel ?? "" }),
  );
