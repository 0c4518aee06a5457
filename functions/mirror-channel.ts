import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { channelName, imageName } from "../events/ids.ts";
import { makeClient } from "./lib/clients.ts";
import { lambda } from "./lib/lambda.ts";
import { consumersClient } from "./lib/share/consumer-clients.ts";
import { type MirrorStep, mirrorChannel } from "./lib/share/mirror-channel.ts";

/** A channel that was moved, in whole or from an account on; or an image of which something was taken back. */
const input = z.union([
  z.strictObject({ image: imageName, channel: channelName, all: z.boolean(), after: z.string().optional() }),
  z.strictObject({ image: imageName }),
]);

export const handler = lambda({
  input,
  env: ["MIRROR_CHANNEL_FUNCTION"],
  clients: () => ({
    consumer: consumersClient(({ region, keys, account }) => ({
      ssm: makeClient(SSMClient, { region, credentials: keys }, account),
    })),
    functions: makeClient(LambdaClient, {}),
    wait: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
  }),
  run: mirrorChannels,
});

/** Copies a channel's parameter into the accounts that it reaches; a slow account never holds a promotion. */
export async function mirrorChannels(asked: z.output<typeof input>, step: MirrorStep): Promise<{ accounts: number }> {
  const { consumers, images } = step.settings.factory;
  if (!consumers) return { accounts: 0 };
  if ("channel" in asked) return { accounts: await mirrorChannel(asked, step) };
  let accounts = 0;
  for (const { name } of images[asked.image]?.channels ?? []) {
    accounts += await mirrorChannel({ image: asked.image, channel: name, all: false }, step);
  }
  return { accounts };
}
