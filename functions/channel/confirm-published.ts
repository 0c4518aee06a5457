import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import type { Invocation } from "../invocation.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { findAtOdds } from "./publish-channel.ts";

const LOOKS = 30;
const BETWEEN_MS = 2_000;

/**
 * Waits, for up to a minute, until every region's parameter has the channel's value: SSM stores an AMI value only after
 * validating it.
 * @throws ParametersNotYet naming the regions
 */
export async function confirmPublished(at: ChannelOf, pointed: ChannelRecord, invocation: Invocation): Promise<void> {
  for (let looks = 1; ; looks++) {
    const odd = await findAtOdds(at, pointed, invocation);
    if (odd.length === 0) return;
    if (looks === LOOKS) throw new ParametersNotYet(odd);
    await invocation.wait(BETWEEN_MS);
  }
}

class ParametersNotYet extends Error {
  override readonly name = "ParametersNotYet";

  constructor(odd: Awaited<ReturnType<typeof findAtOdds>>) {
    const said = odd.map(({ region, parameter, says }) => `${parameter} is still ${says ?? "missing"} in ${region}`);
    super(`The channel moved in the ledger, but ${said.join(", ")}. Repeat the command: it resumes the same move.`);
  }
}
