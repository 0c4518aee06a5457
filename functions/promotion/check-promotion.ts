import type * as z from "zod";
import { findApproval } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { channelOf, findChannel } from "../../adapters/channel/channels.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { regionsOfChannel } from "../../core/channel/regions.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import { type PlannedApproval, planPromotion } from "../../core/promotion/plan-promotion.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { findSuperseding } from "./find-superseding.ts";
import { findUrgency } from "./find-urgency.ts";
import { channelStateInput } from "./promotion-input.ts";

interface Check {
  readonly goesOn: boolean;
  /** The channel points at the build in every region already: an earlier attempt did all of it but the soak. */
  readonly arrived?: true;
  /** For a build that stopped being urgent: seconds until its usual soak in the previous channel ends. */
  readonly soakSeconds?: number;
  /** For a build that stopped being urgent: the usual approval, if it has none. */
  readonly approval?: PlannedApproval;
}

/**
 * Whether a promotion continues after its wait: meanwhile a newer build may exist, this one may have been revoked, or it
 * may have stopped being urgent.
 */
export async function checkPromotion(
  { image, build, channel }: z.output<typeof channelStateInput>,
  invocation: Invocation,
): Promise<Check> {
  const { ledger, bus } = invocation;
  const [revoked, pointed, gate] = await readBatch(ledger, [
    revocationOf(build),
    channelOf(image, channel),
    gateOf(build),
  ]);
  // The revocation has its own notice.
  if (revoked) return { goesOn: false };
  if (pointed?.build === build) {
    const { factory } = invocation.settings;
    const regions = regionsOfChannel(factory, requireImage(factory, image), requireChannel(factory, image, channel));
    // Regions that stayed behind are caught up.
    return { goesOn: true, ...(regions.every((region) => pointed.amis[region]) && { arrived: true }) };
  }
  const by = await findSuperseding({ image, build, channel }, invocation);
  if (!by) return { goesOn: true, ...(gate?.urgent && (await findSkipped({ image, build, channel }, invocation))) };
  await putEvent(bus, promotionSuperseded, { image, build, channel, by });
  return { goesOn: false };
}

/**
 * What a build still needs if it was planned as urgent and then stopped being urgent, because the vendor revoked its
 * advisory or lowered its severity. An approval that was granted stays valid.
 */
async function findSkipped(
  { image, build, channel }: z.output<typeof channelStateInput>,
  invocation: Invocation,
): Promise<Omit<Check, "goesOn">> {
  const { ledger, settings, now } = invocation;
  const { record, urgency } = await findUrgency({ image, build }, invocation);
  if (urgency) return {};
  const config = requireImage(settings.factory, image);
  const index = config.channels.findIndex(({ name }) => name === channel);
  const before = config.channels[index - 1];
  const entered = before && (await findChannel(ledger, image, before.name))?.movedAt;
  const soaked = before && entered ? Math.ceil((now.getTime() - Date.parse(entered)) / 1000) : 0;
  const soakSeconds = before ? before.soak.usual - soaked : 0;
  if (soakSeconds > 0) return { soakSeconds };
  const asked = await findApproval(ledger, { build, channel });
  const { approval } =
    planPromotion(settings.factory, config, { triggers: record?.triggers ?? [] }).channels[index] ?? {};
  return approval && asked?.decided?.verdict !== "granted" ? { approval } : {};
}

export const handler = lambda({ input: channelStateInput, run: checkPromotion });
