import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger, moveInLedger } from "../../adapters/channel/history.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import {
  type FailedPromotion,
  findFailedPromotion,
  recordFailedPromotion,
} from "../../adapters/promotion/failed-promotions.ts";
import {
  findMove,
  findMoves,
  findShares,
  findUndone,
  type MoveRecord,
  recordMove,
  recordShare,
  recordUndone,
  removeMove,
  removeShare,
  type ShareRecord,
} from "../../adapters/promotion/promotion.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { entities, noPermission } from "../../core/share/launch-permission.ts";
import type { BuildArn } from "../../events/ids.ts";
import { promotionFailed } from "../../events/promotion.ts";
import { driftRepaired } from "../../events/repair.ts";
import { keepRings } from "../channel/keep-ring.ts";
import { ChannelContested } from "../channel/publish-channel.ts";
import { readObstacles } from "../channel/read-obstacles.ts";
import { findGood } from "../channel/ready-for-channel.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { leaveStopped } from "../revocation/leave-stopped.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { promotionInput } from "./promotion-input.ts";

const input = promotionInput.extend({
  error: z.object({ Error: z.string(), Cause: z.string().default("") }),
  triesLeft: z.int(),
});

/**
 * Undoes a failed promotion, channels before permissions, and reports what was undone. A step that fails does not stop
 * the others; it is retried, and finally reported.
 */
export async function undoPromotion(
  { image, build, error, triesLeft }: z.output<typeof input>,
  invocation: Invocation,
) {
  const { ledger, log } = invocation;
  const undone: string[] = [];
  const left: string[] = [];
  /** @returns whether it was undone */
  const attempt = async (what: string, undo: () => Promise<string[]>): Promise<boolean> => {
    try {
      undone.push(...(await undo()));
      return true;
    } catch (failure) {
      log.warn("not undone", { what, failure: String(failure) });
      left.push(`${what}: ${failure instanceof Error ? failure.message : failure}`);
      return false;
    }
  };
  // First: a share may be running in another region, and checks this record when it is done.
  await recordUndone(ledger, build, []);
  const stuck = new Set<string>();
  for (const move of await findMoves(ledger, build)) {
    const back = await attempt(`channel ${move.channel}`, () => moveBack(image, build, move, invocation));
    if (!back) stuck.add(move.channel);
  }
  for (const share of await findShares(ledger, build)) {
    await attempt(`${share.amiId} in ${share.region}`, () =>
      unshare(build, share, stuck.has(share.channel), invocation),
    );
  }
  await recordUndone(ledger, build, undone);
  if (left.length > 0 && triesLeft > 0) throw new NotAllUndone(build, left);
  const all = await findUndone(ledger, build);
  const failed = { image, build, error: error.Error, cause: readCause(error.Cause), left };
  await publish(failed, all, undone, invocation);
  return { undone: all, left };
}

/**
 * Notifies once of the failure, and again when everything left over is undone. Publishes before it records: after a
 * crash in between, the notice is sent twice instead of never.
 */
async function publish(
  failed: Omit<FailedPromotion, "at" | "told">,
  all: readonly string[],
  undone: readonly string[],
  { ledger, bus, now }: Invocation,
): Promise<void> {
  const last = await findFailedPromotion(ledger, failed.build);
  // An attempt that was requested since is a new failure.
  const before = last?.again ? undefined : last;
  const attempt = last?.again?.attempt ?? last?.attempt;
  if (!before?.told) {
    await putEvent(bus, promotionFailed, { ...failed, undone: [...all] });
  } else if (before.left.length > 0 && failed.left.length === 0) {
    const what = undone.length > 0 ? undone.join("; ") : before.left.join("; ");
    const repair = `what the failed promotion of ${failed.build} had left was undone: ${what}`;
    await putEvent(bus, driftRepaired, { image: failed.image, repair });
  }
  const { error, cause } = before?.told ? before : failed;
  const at = now.toISOString();
  await recordFailedPromotion(ledger, { ...failed, error, cause, told: true, at, ...(attempt && { attempt }) });
}

export const handler = lambda({ input, run: undoPromotion });

/** Some steps could not be undone; the state machine retries while it has tries left. */
export class NotAllUndone extends Error {
  override readonly name = "NotAllUndone";

  constructor(build: BuildArn, left: readonly string[]) {
    super(`The promotion of ${build} is not fully undone: ${left.join("; ")}`);
  }
}

/**
 * A channel that has moved on (newer build or rollback) stays where it is, and its history skips this build, so that a
 * later rollback does not return to it. The parameters are written in any case: an earlier move may have crashed before
 * it wrote them.
 */
async function moveBack(image: string, build: BuildArn, move: MoveRecord, invocation: Invocation): Promise<string[]> {
  const { ledger } = invocation;
  const { channel } = move;
  const pointed = await findChannel(ledger, image, channel);
  const moved = pointed?.build === build;
  if (moved) await leave({ image, channel }, pointed, move, invocation);
  else if (pointed) await skipInHistory(ledger, pointed.build, build, move);
  // A region where it was never shared never had it in its parameter, and may still be unreachable.
  const reached = (await findShares(ledger, build)).flatMap((share) => (share.channel === channel ? share.region : []));
  // A concurrent undo of the previous build may have read the channel before it pointed there.
  const now = await leaveStopped({ image, channel }, invocation, reached);
  await keepRings({ image, channel }, invocation);
  await removeMove(ledger, build, move);
  return moved ? [`channel ${channel} points at ${now ? buildVersion(now.build) : "nothing"} again`] : [];
}

/** To the previous build or, if that was revoked, undone or retired meanwhile, to the last usable one before it. */
async function leave(
  at: { readonly image: string; readonly channel: string },
  pointed: ChannelRecord,
  { previous }: MoveRecord,
  invocation: Invocation,
): Promise<void> {
  const { ledger, now } = invocation;
  const place = { ...at, now };
  const usable = previous && !(await readObstacles(at.image, [previous.build], invocation))(previous.build);
  const back = usable ? previous : previous && (await findGood(at, pointed.build, invocation));
  const moved = back
    ? await moveInLedger(ledger, place, pointed, { ...back, how: "undo" })
    : await emptyInLedger(ledger, place, pointed, { how: "undo" });
  if (!moved) throw new ChannelContested(at.image, at.channel);
}

/** A later move that has this build as its previous one gets this build's previous one instead. */
async function skipInHistory(ledger: Ledger, newest: BuildArn, build: BuildArn, move: MoveRecord): Promise<void> {
  const { channel, previous } = move;
  let later: BuildArn | undefined = newest;
  while (later) {
    const before: MoveRecord["previous"] = (await findMove(ledger, later, channel))?.previous;
    if (before?.build === build) {
      await recordMove(ledger, later, { channel, ...(previous && { previous }) });
      return;
    }
    later = before?.build;
  }
}

/** @param remember keep the record: it tells the next try in which regions to write the channel's parameter */
async function unshare(
  build: BuildArn,
  share: ShareRecord,
  remember: boolean,
  invocation: Invocation,
): Promise<string[]> {
  const handle = artifactOf(share.region, share.amiId, invocation);
  const exists = (await handle.findState()) !== undefined;
  if (exists) {
    await handle.removePermission(share.added);
    await handle.unmark(build, share.channel);
  }
  if (remember) await recordShare(invocation.ledger, build, { ...share, added: noPermission });
  else await removeShare(invocation.ledger, build, share);
  const taken = exists ? entities(share.added) : [];
  return taken.length > 0 ? [`${share.amiId} in ${share.region} is no longer shared with ${taken.join(", ")}`] : [];
}

/** A Lambda function's failure is JSON with a message; other causes are plain text. */
function readCause(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    const said = z.object({ errorMessage: z.string() }).safeParse(parsed);
    return said.success ? said.data.errorMessage : cause;
  } catch {
    return cause;
  }
}
