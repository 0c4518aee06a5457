import type * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { channelOf } from "../../adapters/channel/channels.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { findSuperseding } from "./find-superseding.ts";
import { channelStateInput } from "./promotion-input.ts";

/** Whether a promotion continues after its wait: a newer build may exist, or this one may have been revoked. */
export async function checkPromotion(
  { image, build, channel }: z.output<typeof channelStateInput>,
  invocation: Invocation,
): Promise<{ goesOn: boolean }> {
  const { ledger, bus } = invocation;
  const [revoked, pointed] = await readBatch(ledger, [revocationOf(build), channelOf(image, channel)]);
  // The revocation has its own notice.
  if (revoked) return { goesOn: false };
  // It continues, because regions may have stayed behind.
  if (pointed?.build === build) return { goesOn: true };
  const by = await findSuperseding({ image, build, channel }, invocation);
  if (!by) return { goesOn: true };
  await putEvent(bus, promotionSuperseded, { image, build, channel, by });
  return { goesOn: false };
}

export const handler = lambda({ input: channelStateInput, run: checkPromotion });
