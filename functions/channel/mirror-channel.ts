import * as z from "zod";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { channelName, imageName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { comparedRings } from "./read-mirrored.ts";
import { writeMirrors } from "./write-mirrors.ts";

/**
 * A channel that moved, with its rings, or one of its rings alone, after a given account if others were done; a channel
 * whose rings are compared; or an image with an undone move.
 */
const input = z.union([
  z.strictObject({
    image: imageName,
    channel: channelName,
    wave: z.string().min(1).optional(),
    all: z.boolean(),
    after: z.string().optional(),
  }),
  z.strictObject({ image: imageName, channel: channelName, rings: comparedRings, after: z.string().optional() }),
  z.strictObject({ image: imageName }),
]);

export const handler = lambda({ input, env: ["MIRROR_CHANNEL_FUNCTION"], run: mirrorChannels });

/**
 * Copies a channel's parameter into the accounts that follow it, and updates the parameters of its rings there. Runs
 * outside the promotion, so a slow account does not delay it.
 */
export async function mirrorChannels(
  asked: z.output<typeof input>,
  invocation: Invocation<"MIRROR_CHANNEL_FUNCTION">,
): Promise<{ accounts: number }> {
  const { consumers, images } = invocation.settings.factory;
  // Without a tree, the organization has not been read yet; `follow-organization` invokes this once it has.
  const tree = consumers && (await findOrganization(invocation.ledger));
  if (!tree) return { accounts: 0 };
  if ("channel" in asked) return { accounts: await writeMirrors(asked, tree, invocation) };
  let accounts = 0;
  for (const { name: channel } of images[asked.image]?.channels ?? []) {
    accounts += await writeMirrors({ image: asked.image, channel, all: false }, tree, invocation);
  }
  return { accounts };
}
