import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { invokeLater } from "../../adapters/functions.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { channelName, imageName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { comparedRings, compareRings } from "./compare-rings.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { findMirrorTasks, readRings } from "./read-mirrored.ts";
import { writeMirrors } from "./write-mirrors.ts";

/**
 * A channel that moved, or one of its rings, either in whole or after a given account; a channel whose rings are
 * compared; or an image with an undone move.
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
  if (!consumers) return { accounts: 0 };
  if ("rings" in asked) return { accounts: await compareRings(asked, invocation) };
  // The organization has not been read yet; `follow-organization` invokes this once it has.
  const tree = await findOrganization(invocation.ledger);
  if (!tree) return { accounts: 0 };
  if ("channel" in asked) {
    // Once per channel, not again for each batch of accounts.
    if (asked.wave === undefined && asked.after === undefined) await askForRings(asked, tree, invocation);
    return { accounts: await writeMirrors(asked, tree, invocation) };
  }
  let accounts = 0;
  for (const { name: channel } of images[asked.image]?.channels ?? []) {
    await askForRings({ image: asked.image, channel }, tree, invocation);
    accounts += await writeMirrors({ image: asked.image, channel, all: false }, tree, invocation);
  }
  return { accounts };
}

/** Invokes a check of each ring that may differ: the channel is new, or left a revoked or undone build. */
async function askForRings(
  { image, channel }: ChannelOf,
  tree: OrganizationTree,
  invocation: Invocation<"MIRROR_CHANNEL_FUNCTION">,
): Promise<void> {
  const { settings, client } = invocation;
  for (const { at, ...ring } of await readRings({ image, channel }, invocation)) {
    if (findMirrorTasks({ ...at, all: false }, ring, tree, settings).length === 0) continue;
    await invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { ...at, all: false });
  }
}
