import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { evidenceOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { moveOf } from "../../adapters/promotion/promotion.ts";
import { buildVersion, isAmiId } from "../../core/build/build-arn.ts";
import { channelParameter } from "../../core/names.ts";
import { channelMoved } from "../../events/channel.ts";
import { region } from "../../events/ids.ts";
import { driftRepaired } from "../../events/repair.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput } from "../promotion/promotion-input.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { findAtOdds, publishAsIs } from "./publish-channel.ts";
import { whereMoved } from "./publish-moved.ts";

const input = channelStateInput.extend({
  /** Regions that were behind and have caught up; the channel itself did not move. */
  caughtUp: z.array(region).default([]),
});
type Asked = z.input<typeof input> & z.output<typeof channelStateInput>;

/**
 * Publishes that a channel moved, once every region's parameter has the new AMI: SSM stores an AMI value only after
 * validating it, and a child build that starts earlier would use the old AMI.
 * @throws ParameterNotYet
 */
export async function confirmChannel(
  { image, build, channel, caughtUp = [] }: Asked,
  invocation: Invocation,
): Promise<{ confirmed: boolean }> {
  const { settings, ledger, bus } = invocation;
  const pointed = await findChannel(ledger, image, channel);
  if (pointed?.build !== build) return { confirmed: false };
  if (isBeingValidated(pointed, invocation.now)) await invocation.wait(VALIDATION_MS);
  const parameter = channelParameter(settings.factory.name, image, channel);
  const [odd] = await findAtOdds({ image, channel }, pointed, invocation);
  if (odd) {
    await putAgain({ image, channel }, pointed.movedAt, invocation);
    throw new ParameterNotYet(odd.parameter, odd.region, pointed.amis[odd.region], odd.says);
  }
  if (caughtUp.length > 0) {
    const regions = caughtUp.filter((one) => pointed.amis[one]);
    const repair = `${channel} has build ${buildVersion(build)} in ${regions.join(", ")}, too: no longer behind`;
    if (regions.length > 0) await putEvent(bus, driftRepaired, { image, repair });
    return { confirmed: true };
  }
  const [move, evidence] = await readBatch(ledger, [moveOf(build, channel), evidenceOf(build)]);
  const previous = move?.previous;
  const packages = evidence?.packages;
  await putEvent(bus, channelMoved, {
    image,
    channel,
    build,
    ...(previous && { previousBuild: previous.build }),
    ...(packages && { packages }),
    ...whereMoved(pointed, parameter),
  });
  return { confirmed: true };
}

export const handler = lambda({ input, run: confirmChannel });

/** SSM takes some seconds to validate an AMI: an earlier look would only be repeated. */
const VALIDATION_MS = 3_000;

const isBeingValidated = ({ movedAt, changedAt = movedAt, amis }: ChannelRecord, now: Date): boolean =>
  now.getTime() - Date.parse(changedAt) < VALIDATION_MS && Object.values(amis).some(isAmiId);

/**
 * SSM rejects new values for this time after one whose validation failed (Systems Manager user guide, "aws:ec2:image").
 */
const REFUSED_MS = 5 * 60_000;

/**
 * SSM's validation can fail for a temporary reason and then drops the value: put it again as soon as SSM accepts one.
 * The state machine limits the retries.
 */
async function putAgain(at: ChannelOf, movedAt: string, invocation: Invocation): Promise<void> {
  if (invocation.now.getTime() - Date.parse(movedAt) < REFUSED_MS) return;
  try {
    await publishAsIs(at, invocation, "not-behind");
  } catch (error) {
    // SSM still validates the last value, or rejects new ones for a while after a failure.
    if (!(error instanceof Error && error.name === "TooManyUpdates")) throw error;
  }
}

/** SSM has not stored the value yet: the state machine retries, then gives up and undoes the move. */
export class ParameterNotYet extends Error {
  override readonly name = "ParameterNotYet";

  constructor(parameter: string, region: string, wanted: string | undefined, found: string | undefined) {
    super(`${parameter} in ${region} should be ${wanted} but is ${found ?? "missing"}; a retry looks again.`);
  }
}
