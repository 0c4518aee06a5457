import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { findAtOdds } from "./publish-channel.ts";

const LOOKS = 30;
const BETWEEN_MS = 2_000;

/**
 * Waits until every region's parameter says what the channel points at: SSM takes an AMI's value only after it has
 * checked it. A minute at most.
 * @throws ParametersNotYet naming the regions
 */
export async function confirmPublished(at: ChannelOf, pointed: ChannelRecord, step: Step): Promise<void> {
  for (let looks = 1; ; looks++) {
    const odd = await findAtOdds(at, pointed, step);
    if (odd.length === 0) return;
    if (looks === LOOKS) throw new ParametersNotYet(odd);
    await step.wait(BETWEEN_MS);
  }
}

class ParametersNotYet extends Error {
  override readonly name = "ParametersNotYet";

  constructor(odd: Awaited<ReturnType<typeof findAtOdds>>) {
    const said = odd.map(({ region, parameter, says }) => `${parameter} still says ${says ?? "nothing"} in ${region}`);
    super(`The ledger has moved the channel, and ${said.join(", ")}. Ask again: the same move is gone on with.`);
  }
}
