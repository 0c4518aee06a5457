import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import type * as z from "zod";
import type { CanaryClients } from "../../adapters/share/canary.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import type { Missing } from "../../core/share/explain-refusal.ts";
import { amiId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { channelStateInput, regionStateInput } from "../promotion/promotion-input.ts";
import { attempt } from "./attempt.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import { canary } from "./verification-plan.ts";

/** Input of each canary function. */
export const canaryInput = channelStateInput.extend(regionStateInput.shape).extend({ amiId, canary });
export type CanaryInput = z.output<typeof canaryInput>;

/** Enters the canary account in a region. @throws errors of STS */
export async function enterCanary(
  account: string,
  region: string,
  { client, settings }: Pick<Invocation, "client" | "settings">,
): Promise<CanaryClients> {
  const session = await enterConsumer(client(STSClient), consumerRoleOf(settings, account), region);
  return { ec2: client(EC2Client, session), autoScaling: client(AutoScalingClient, session) };
}

/** @returns what is missing, where AWS denied the call; undefined on success */
export async function findMissing(
  { canary: { account }, region, amiId: on }: CanaryInput,
  action: string,
  { settings }: Pick<Invocation, "settings">,
  run: () => Promise<unknown>,
): Promise<Missing | undefined> {
  const tried = await attempt({ account, region, action, on, factory: settings.factory.name }, run);
  return "missing" in tried ? tried.missing : undefined;
}
