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
import { entities, nobody } from "../../core/share/launch-permission.ts";
import type { BuildArn } from "../../events/ids.ts";
import { promotionFailed } from "../../events/promotion.ts";
import { driftRepaired } from "../../events/repair.ts";
import { keepRings } from "../channel/keep-ring.ts";
import { ChannelContested } from "../channel/publish-channel.ts";
import { readObstacles } from "../channel/read-obstacles.ts";
import { findGood } from "../channel/ready-for-channel.ts";
import { lambda } from "../lambda.ts";
import { leaveWithdrawn } from "../revocation/leave-withdrawn.ts";
import { artifactOf } from "../share/artifact-of.ts";
import type { Step } from "../step.ts";
import { promotionInput } from "./promotion-input.ts";

const input = promotionInput.extend({
  error: z.object({ Error: z.string(), Cause: z.string().default("") }),
  triesLeft: z.int(),
});

/**
 * Takes back what a failed promotion changed, channels before permissions, and says what that was. One thing that
 * cannot be taken back does not keep the others; it is tried again, and at last told.
 */
export async function undoPromotion({ image, build, error, triesLeft }: z.output<typeof input>, step: Step) {
  const { ledger, log } = step;
  const undone: string[] = [];
  const left: string[] = [];
  /** @returns whether that is taken back */
  const attempt = async (what: string, undo: () => Promise<string[]>): Promise<boolean> => {
    try {
      undone.push(...(await undo()));
      return true;
    } catch (failure) {
      log.warn("not taken back", { what, failure: String(failure) });
      left.push(`${what}: ${failure instanceof Error ? failure.message : failure}`);
      return false;
    }
  };
  // First of all: another region's share may still be on its way, and looks for this when it has shared.
  await recordUndone(ledger, build, []);
  const stuck = new Set<string>();
  for (const move of await findMoves(ledger, build)) {
    const back = await attempt(`channel ${move.channel}`, () => moveBack(image, build, move, step));
    if (!back) stuck.add(move.channel);
  }
  for (const share of await findShares(ledger, build)) {
    await attempt(`${share.amiId} in ${share.region}`, () => unshare(build, share, stuck.has(share.channel), step));
  }
  await recordUndone(ledger, build, undone);
  if (left.length > 0 && triesLeft > 0) throw new NotAllUndone(build, left);
  const all = await findUndone(ledger, build);
  const failed = { image, build, error: error.Error, cause: readCause(error.Cause), left };
  await tell(failed, all, undone, step);
  return { undone: all, left };
}

/**
 * People are told once that it failed, and of what is left once more, when nothing is. Said first and remembered then: a
 * crash in between says it again rather than never.
 */
async function tell(
  failed: Omit<FailedPromotion, "at" | "told">,
  all: readonly string[],
  undone: readonly string[],
  { ledger, bus, now }: Step,
): Promise<void> {
  const last = await findFailedPromotion(ledger, failed.build);
  // An attempt that somebody asked for since is another failure.
  const before = last?.again ? undefined : last;
  const attempt = last?.again?.attempt ?? last?.attempt;
  if (!before?.told) {
    await putEvent(bus, promotionFailed, { ...failed, undone: [...all] });
  } else if (before.left.length > 0 && failed.left.length === 0) {
    const what = undone.length > 0 ? undone.join("; ") : before.left.join("; ");
    const repair = `what the failed promotion of ${failed.build} had left was taken back: ${what}`;
    await putEvent(bus, driftRepaired, { image: failed.image, repair });
  }
  const { error, cause } = before?.told ? before : failed;
  const at = now.toISOString();
  await recordFailedPromotion(ledger, { ...failed, error, cause, told: true, at, ...(attempt && { attempt }) });
}

export const handler = lambda({ input, run: undoPromotion });

/** Some of it could not be taken back; the state machine tries again, as often as it has tries left. */
export class NotAllUndone extends Error {
  override readonly name = "NotAllUndone";

  constructor(build: BuildArn, left: readonly string[]) {
    super(`The promotion of ${build} is not taken back in full: ${left.join("; ")}`);
  }
}

/**
 * A channel that points elsewhere by now (a newer build took it, somebody went back) stays where it is, and if that one
 * has to go back, too, it goes back further: what is undone here is not shared any more. The parameters are brought to
 * what the ledger says in any case: who moved the channel before may have died before that.
 */
async function moveBack(image: string, build: BuildArn, move: MoveRecord, step: Step): Promise<string[]> {
  const { ledger } = step;
  const { channel } = move;
  const pointed = await findChannel(ledger, image, channel);
  const moved = pointed?.build === build;
  if (moved) await leave({ image, channel }, pointed, move, step);
  else if (pointed) await skipInHistory(ledger, pointed.build, build, move);
  // Where it was never shared, the parameter never said it: such a region may be out of reach still.
  const reached = (await findShares(ledger, build)).flatMap((share) => (share.channel === channel ? share.region : []));
  // Whoever took the build before back at the same moment may have looked at the channel before it pointed there.
  const now = await leaveWithdrawn({ image, channel }, step, reached);
  await keepRings({ image, channel }, step);
  await removeMove(ledger, build, move);
  return moved ? [`channel ${channel} points at ${now ? buildVersion(now.build) : "nothing"} again`] : [];
}

/** To the build before, or, where that was revoked, undone or retired meanwhile, to the last good one before it. */
async function leave(
  at: { readonly image: string; readonly channel: string },
  pointed: ChannelRecord,
  { previous }: MoveRecord,
  step: Step,
): Promise<void> {
  const { ledger, now } = step;
  const place = { ...at, now };
  const usable = previous && !(await readObstacles(at.image, [previous.build], step))(previous.build);
  const back = usable ? previous : previous && (await findGood(at, pointed.build, step));
  const moved = back
    ? await moveInLedger(ledger, place, pointed, { ...back, how: "undo" })
    : await emptyInLedger(ledger, place, pointed, { how: "undo" });
  if (!moved) throw new ChannelContested(at.image, at.channel);
}

/** Where a later build's move remembers this build as the one before it, it now remembers the one before this. */
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

/** @param remember whether the record stays: it tells the next try in which regions the channel's parameter must be written */
async function unshare(build: BuildArn, share: ShareRecord, remember: boolean, step: Step): Promise<string[]> {
  const handle = artifactOf(share.region, share.amiId, step);
  const exists = (await handle.findState()) !== undefined;
  if (exists) {
    await handle.removePermission(share.added);
    await handle.unmark(build, share.channel);
  }
  if (remember) await recordShare(step.ledger, build, { ...share, added: nobody });
  else await removeShare(step.ledger, build, share);
  const taken = exists ? entities(share.added) : [];
  return taken.length > 0 ? [`${share.amiId} in ${share.region} is no longer shared with ${taken.join(", ")}`] : [];
}

/** A function's failure comes as JSON with its message inside; anything else is text already. */
function readCause(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    const said = z.object({ errorMessage: z.string() }).safeParse(parsed);
    return said.success ? said.data.errorMessage : cause;
  } catch {
    return cause;
  }
}
