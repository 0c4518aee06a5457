import type * as z from "zod";
import { findChannel } from "../../adapters/channel/channels.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import { channelParameter } from "../../core/names.ts";
import { entities } from "../../core/share/launch-permission.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput, regionStateInput } from "../promotion/promotion-input.ts";
import { keepParameterShare } from "./parameter-shares.ts";
import { readPermission } from "./read-permission.ts";

const input = channelStateInput.extend(regionStateInput.shape);
/**
 * Lets a channel's consumers read its parameter in one region, so that their launch templates can name it. The first
 * promotion creates the share; later ones change nothing.
 * @throws ParameterShareNotYet
 */
export async function shareParameter(
  { image, build, channel, region }: z.output<typeof input>,
  invocation: Invocation,
) {
  const { ledger, settings } = invocation;
  const pointed = await findChannel(ledger, image, channel);
  // The channel has just moved or been emptied; the function that did so shares the parameter.
  if (pointed?.build !== build || !pointed.amis[region]) return { region, shared: false };
  const principals = entities(await readPermission(requireChannel(settings.factory, image, channel).share, invocation));
  const { pending } = await keepParameterShare({ image, channel }, { region, principals }, invocation);
  if (pending.length > 0) {
    throw new ParameterShareNotYet(channelParameter(settings.factory.name, image, channel), region, pending);
  }
  return { region, shared: true };
}

export const handler = lambda({ input, run: shareParameter });

/** RAM associates principals and resources asynchronously: the state machine retries, then gives up. */
class ParameterShareNotYet extends Error {
  override readonly name = "ParameterShareNotYet";

  constructor(parameter: string, region: string, pending: readonly string[]) {
    super(
      `RAM does not share ${parameter} in ${region} yet; not associated: ${pending.join(", ")}. A retry looks again.`,
    );
  }
}
