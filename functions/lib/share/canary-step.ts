import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type * as z from "zod";
import type { CanaryClients } from "../../../adapters/canary.ts";
import type { EnterConsumer } from "../../../adapters/consumer.ts";
import type { Missing } from "../../../core/share/explain-refusal.ts";
import { amiId } from "../../../events/ids.ts";
import { makeClient } from "../clients.ts";
import { channelStepInput, regionStepInput } from "../promotion-input.ts";
import type { Step } from "../step.ts";
import { attempt } from "./attempt.ts";
import { consumersClient, ec2Of } from "./consumer-clients.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import { canary } from "./name-canary.ts";

/** What each of a canary's steps is given. */
export const canaryInput = channelStepInput.extend(regionStepInput.shape).extend({ amiId, canary });
export type CanaryInput = z.output<typeof canaryInput>;

export type CanaryStep = Step<never, { readonly consumer: EnterConsumer<CanaryClients> }>;

export const canaryClients = () => ({
  consumer: consumersClient((session) => ({
    ec2: ec2Of(session),
    autoScaling: makeClient(AutoScalingClient, { region: session.region, credentials: session.keys }, session.account),
  })),
});

export const enterCanary = ({ canary: { account }, region }: CanaryInput, step: CanaryStep): Promise<CanaryClients> =>
  step.clients.consumer(consumerRoleOf(step.settings, account), region);

/** @returns what was missing, where AWS refused; undefined where all went well */
export async function findMissing(
  { canary: { account }, region, amiId: on }: CanaryInput,
  action: string,
  { settings }: CanaryStep,
  run: () => Promise<unknown>,
): Promise<Missing | undefined> {
  const tried = await attempt({ account, region, action, on, factory: settings.factory.name }, run);
  return "missing" in tried ? tried.missing : undefined;
}
