import * as z from "zod";
import { buildArn, channelName, imageName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { grantKeys, grantTo } from "./grant-keys.ts";

/** All accounts after a given one; or, before a canary is launched, only the canary account. */
const input = z.union([
  z.strictObject({ after: z.string().optional() }),
  z.object({ image: imageName, build: buildArn, channel: channelName }),
]);

export const handler = lambda({ input, env: ["KEY_ARNS", "KEEP_GRANTS_FUNCTION"], run: keepAsked });

/**
 * Lets Auto Scaling use the keys in consumer accounts. Invoked by follow-organization when accounts lack the grant, and
 * by a promotion, which continues if it fails: the canary then reports what is missing.
 */
export async function keepAsked(
  asked: z.output<typeof input>,
  invocation: Invocation<"KEY_ARNS" | "KEEP_GRANTS_FUNCTION">,
): Promise<void> {
  if (!("build" in asked)) return void (await grantKeys(asked, invocation));
  const { consumers, images } = invocation.settings.factory;
  const canary = consumers?.canary;
  // Container images are not launched.
  const isLaunched = images[asked.image]?.kind !== "container";
  if (canary?.autoScaling && isLaunched) await grantTo(canary.account, invocation);
}
