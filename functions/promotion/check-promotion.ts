import type * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { findSuperseding } from "./find-superseding.ts";
import { channelStateInput } from "./promotion-input.ts";

/** Whether a promotion goes on after it has waited: a newer build may have come, or somebody may have revoked this one. */
export async function checkPromotion(
  { image, build, channel }: z.output<typeof channelStateInput>,
  step: Step,
): Promise<{ goesOn: boolean }> {
  const { ledger, bus } = step;
  // Of a revoked build people hear by its revocation.
  if ((await findRevocation(ledger, build)) !== undefined) return { goesOn: false };
  // Where it is, it may be in regions, too, that had stayed behind.
  if ((await findChannel(ledger, image, channel))?.build === build) return { goesOn: true };
  const by = await findSuperseding({ image, build, channel }, step);
  if (!by) return { goesOn: true };
  await putEvent(bus, promotionSuperseded, { image, build, channel, by });
  return { goesOn: false };
}

export const handler = lambda({ input: channelStateInput, run: checkPromotion });
