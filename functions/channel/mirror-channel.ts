import * as z from "zod";
import { channelName, imageName } from "../../events/ids.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { writeMirrors } from "./write-mirrors.ts";

/** A channel that was moved, in whole or from an account on; or an image of which something was taken back. */
const input = z.union([
  z.strictObject({ image: imageName, channel: channelName, all: z.boolean(), after: z.string().optional() }),
  z.strictObject({ image: imageName }),
]);

export const handler = lambda({
  input,
  env: ["MIRROR_CHANNEL_FUNCTION"],
  run: mirrorChannels,
});

/** Copies a channel's parameter into the accounts that it reaches; a slow account never holds a promotion. */
export async function mirrorChannels(
  asked: z.output<typeof input>,
  step: Step<"MIRROR_CHANNEL_FUNCTION">,
): Promise<{ accounts: number }> {
  const { consumers, images } = step.settings.factory;
  if (!consumers) return { accounts: 0 };
  if ("channel" in asked) return { accounts: await writeMirrors(asked, step) };
  let accounts = 0;
  for (const { name } of images[asked.image]?.channels ?? []) {
    accounts += await writeMirrors({ image: asked.image, channel: name, all: false }, step);
  }
  return { accounts };
}
