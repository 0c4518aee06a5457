import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { amiExists, removeLaunchPermission } from "../adapters/amis.ts";
import { putEvent } from "../adapters/bus.ts";
import { clearChannel, findChannel, pointChannel } from "../adapters/ledger/channels.ts";
import {
  findMove,
  findMoves,
  findShares,
  findUndone,
  type MoveRecord,
  recordMove,
  recordUndone,
  removeMove,
  removeShare,
  type ShareRecord,
} from "../adapters/ledger/promotion.ts";
import type { Ledger } from "../adapters/ledger/table.ts";
import { publishAmi, removeParameter } from "../adapters/parameters.ts";
import { buildVersion } from "../core/build-arn.ts";
import { entities } from "../core/launch-permission.ts";
import { channelParameter } from "../core/names.ts";
import type { BuildArn } from "../events/ids.ts";
import { promotionFailed } from "../events/promotion-failed.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput } from "./lib/promotion-input.ts";
import { perRegion, type Step } from "./lib/step.ts";

const clients = () => ({
  ec2: perRegion((region) => new EC2Client({ region })),
  ssm: perRegion((region) => new SSMClient({ region })),
});
type UndoStep = Step<never, ReturnType<typeof clients>>;

/**
 * Takes back what a failed promotion changed, channels before permissions, and says what that was. One thing that
 * cannot be taken back does not keep the others; it is tried again, and at last told.
 */
export const handler = lambda({
  input: promotionInput.extend({
    error: z.object({ Error: z.string(), Cause: z.string().default("") }),
    triesLeft: z.int(),
  }),
  clients,
  async run({ image, build, error, triesLeft }, step) {
    const { ledger, log } = step;
    const undone: string[] = [];
    const left: string[] = [];
    const attempt = async (what: string, undo: () => Promise<string[]>): Promise<void> => {
      try {
        undone.push(...(await undo()));
      } catch (failure) {
        log.warn("not taken back", { what, failure: String(failure) });
        left.push(`${what}: ${failure instanceof Error ? failure.message : failure}`);
      }
    };
    // First of all: another region's share may still be on its way, and looks for this when it has shared.
    await recordUndone(ledger, build, []);
    for (const move of await findMoves(ledger, build)) {
      await attempt(`channel ${move.channel}`, () => moveBack(image, build, move, step));
    }
    for (const share of await findShares(ledger, build)) {
      await attempt(`${share.amiId} in ${share.region}`, () => unshare(build, share, step));
    }
    await recordUndone(ledger, build, undone);
    if (left.length > 0 && triesLeft > 0) throw new NotAllUndone(build, left);
    const all = await findUndone(ledger, build);
    await putEvent(step.bus, promotionFailed, {
      image,
      build,
      error: error.Error,
      cause: readCause(error.Cause),
      undone: all,
      left,
    });
    return { undone: all, left };
  },
});

/** Some of it could not be taken back; the state machine tries again, as often as it has tries left. */
export class NotAllUndone extends Error {
  override readonly name = "NotAllUndone";
  readonly code = "NOT_ALL_UNDONE";

  constructor(build: BuildArn, left: readonly string[]) {
    super(`The promotion of ${build} is not taken back in full: ${left.join("; ")}`);
  }
}

/**
 * A channel that points elsewhere by now (a newer build took it) stays where it is, and if that one has to go back, too,
 * it goes back further: what is undone here is not shared any more.
 */
async function moveBack(image: string, build: BuildArn, move: MoveRecord, step: UndoStep): Promise<string[]> {
  const { ledger, clients, settings, now } = step;
  const { channel, previous } = move;
  const pointed = await findChannel(ledger, image, channel);
  const parameter = channelParameter(settings.factory.name, image, channel);
  if (pointed?.build === build) {
    for (const region of Object.keys(pointed.amis)) {
      const before = previous?.amis[region];
      if (before) await publishAmi(clients.ssm(region), parameter, before);
      else await removeParameter(clients.ssm(region), parameter);
    }
    if (previous) await pointChannel(ledger, image, channel, build, { ...previous, movedAt: now.toISOString() });
    else await clearChannel(ledger, image, channel, build);
  } else if (pointed) await skipInHistory(ledger, pointed.build, build, move);
  await removeMove(ledger, build, move);
  return pointed?.build === build
    ? [`channel ${channel} points at ${previous ? buildVersion(previous.build) : "nothing"} again`]
    : [];
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

async function unshare(build: BuildArn, share: ShareRecord, { ledger, clients }: UndoStep): Promise<string[]> {
  const ec2 = clients.ec2(share.region);
  const exists = await amiExists(ec2, share.amiId);
  if (exists) await removeLaunchPermission(ec2, share.amiId, share.added);
  await removeShare(ledger, build, share);
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
