import { readImageStates } from "../../adapters/build/image-state.ts";
import {
  beginDriftCheck,
  findDriftCheck,
  recordDriftCheck,
  requestDriftCheck,
} from "../../adapters/repair/drift-checks.ts";
import { listDrift } from "../../adapters/repair/reported-drift.ts";
import {
  type DriftCheck,
  type DriftSignal,
  decideDriftCheck,
  driftCheckName,
  hasSeen,
} from "../../core/repair/decide-drift-check.ts";
import { isLeft } from "../../core/repair/find-drift.ts";
import { keysOf } from "../share/marks.ts";
import { FINDS, runDriftCheck, scopeOf } from "./compare.ts";
import type { RepairInvocation } from "./repair.ts";
import { isOf, isRecent } from "./report-drift.ts";
import type { Known, Scope } from "./scope.ts";

/** How many differences were new, or why an event caused no comparison. */
export type DriftOutcome =
  | { readonly repaired: number }
  | {
      readonly because:
        | "not of this factory"
        | "not published"
        | "seen already"
        | "moved just now"
        | "repaired just now"
        | "under way"
        | "left to the hourly run";
    };

/**
 * Compares what an event reports as changed with the ledger. The factory's own writes send the same events; when
 * everything matches, a comparison changes nothing, so repairs do not trigger each other.
 */
export async function handleDriftSignal(signal: DriftSignal, invocation: RepairInvocation): Promise<DriftOutcome> {
  const { ledger, settings, now } = invocation;
  const check = decideDriftCheck(signal, settings.factory, settings.place);
  if (!check || isForeignKey(check, invocation)) return { because: "not of this factory" };
  const states = await readImageStates(ledger, Object.keys(settings.factory.images), ["channels"]);
  const scope = scopeOf(check, states);
  const channels = channelsIn(scope, states);
  if (check.kind === "ami" && channels.length === 0) return { because: "not published" };
  // The function that moves a channel is writing to AWS; the channel is compared after the move.
  const moving = channels.filter(({ movedAt }) => !isLeft(movedAt, now));
  if (moving.length > 0 && moving.length === channels.length) return { because: "moved just now" };
  const name = driftCheckName(check);
  const record = await findDriftCheck(ledger, name);
  if (hasSeen(record?.lookedAt, signal.time)) return { because: "seen already" };
  const later = async (because: "moved just now" | "repaired just now" | "under way") => {
    if (!record?.wantedAt) await requestDriftCheck(ledger, name, now);
    return { because };
  };
  // Most likely the move's own event, but it may concern another channel's share.
  if (moving.length > 0 && check.kind === "parameter-shares") return later("moved just now");
  const known = { states, told: await listDrift(ledger) };
  if (wasRepairedJustNow(check, known, scope, now)) return later("repaired just now");
  if (!(await beginDriftCheck(ledger, name, now))) return later("under way");
  const repaired = await runDriftCheck(check, known, invocation);
  await recordDriftCheck(ledger, name, now);
  return { repaired };
}

const isForeignKey = (check: DriftCheck, invocation: RepairInvocation): boolean =>
  (check.kind === "key" || check.kind === "grants") && keysOf(invocation).get(check.region) !== check.key;

const channelsIn = (scope: Scope, states: Known["states"]) =>
  [...states].flatMap(([image, { channels }]) =>
    Object.entries(channels).flatMap(([channel, { movedAt }]) =>
      scope.covers({ image, channel }) ? [{ image, channel, movedAt }] : [],
    ),
  );

/**
 * Repairs of one thing are an hour apart: a process that reverts them at once would otherwise cause an endless loop.
 */
const wasRepairedJustNow = (check: DriftCheck, { told }: Known, scope: Scope, now: Date): boolean =>
  told.some(
    (one) =>
      one.repaired &&
      isRecent(one, now) &&
      isOf(one, FINDS[check.kind], scope.regions) &&
      scope.covers({ image: one.image ?? "", channel: one.channel ?? "" }),
  );
