import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { startTurns } from "../../adapters/rollout/executions.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { hasEnded } from "../../core/rollout/records.ts";
import { channelName, imageName } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { type ChannelOf, openRollout } from "./open-roll-out.ts";

/**
 * Starts the roll-out of a channel's move, or restarts one without a running execution. @returns whether a roll-out
 * exists
 */
export async function startRollout(at: ChannelOf, invocation: Invocation<"ROLLOUT_ARN">): Promise<boolean> {
  const record = await openRollout(at, invocation);
  if (!record || (hasEnded(record) && record.told)) return false;
  if (record.state !== "halted" || !record.told) {
    // An execution with this revision exists if nothing happened since its start.
    const turns = { ...at, id: record.id, nth: record.revision };
    await startTurns(invocation.client(SFNClient), invocation.settings.env.ROLLOUT_ARN, turns, invocation.now);
  }
  return true;
}

/** A channel moved, or `reconcile` found that its event or a turn was lost; or an image's build was revoked. */
const input = z.strictObject({ image: imageName, channel: channelName.optional() });

export const handler = lambda({
  input,
  env: ["ROLLOUT_ARN"],
  async run(asked, invocation) {
    const channels = rolledOutChannels(invocation.settings.factory).filter(
      ({ image, channel }) => asked.image === image && (asked.channel ?? channel) === channel,
    );
    const started = await inTurn(
      Object.fromEntries(
        channels.map(({ image, channel }) => [
          `${image} ${channel}`,
          async () => ((await startRollout({ image, channel }, invocation)) ? 1 : 0),
        ]),
      ),
    );
    return { started };
  },
});
