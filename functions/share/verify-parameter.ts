import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import * as z from "zod";
import { findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import { channelParameterArn } from "../../core/names.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput, regionStateInput } from "../promotion/promotion-input.ts";
import { attempt, inBatches } from "./attempt.ts";
import { consumerRoleOf } from "./consumer-role.ts";
import { NotLaunchableYet, type Refused, refuseShare } from "./end-verification.ts";
import { readVerificationPlan } from "./verification-plan.ts";

const input = channelStateInput.extend(regionStateInput.shape).extend({ triesLeft: z.int() });
type Asked = z.output<typeof input>;

/**
 * Reads a channel's parameter as its consumers: it must be shared with them and have the channel's AMI.
 * @throws NotLaunchableYet while a later try may pass, then NotLaunchable
 */
export async function verifyParameter(
  { triesLeft, ...at }: Asked,
  invocation: Invocation,
): Promise<{ region: string }> {
  const { image, build, channel, region } = at;
  const pointed = await findChannel(invocation.ledger, image, channel);
  const artifact = pointed?.build === build ? pointed.amis[region] : undefined;
  // The channel has just moved on; the function that moved it verifies the parameter.
  if (!artifact) return { region };
  const { accounts } = await readVerificationPlan(at, invocation);
  const verdicts = await inBatches(accounts, (account) => readAs(account, { ...at, artifact }, invocation));
  const refused = verdicts.flatMap((one) => one ?? []);
  if (refused.length > 0 && triesLeft > 0) throw new NotLaunchableYet(region, refused);
  if (refused.length > 0) await refuseShare({ ...at, amiId: artifact }, refused, invocation);
  return { region };
}

/** @returns why it cannot; undefined where it can */
async function readAs(
  account: string,
  { image, channel, region, artifact }: Omit<Asked, "triesLeft"> & { readonly artifact: string },
  { settings, client }: Invocation,
): Promise<Refused | undefined> {
  const { factory, place } = settings;
  const role = consumerRoleOf(settings, account);
  const parameter = channelParameterArn({ ...place, region }, factory.name, image, channel);
  const trial = { account, region, factory: factory.name };
  const entered = await attempt({ ...trial, action: "sts:AssumeRole", on: role.arn }, () =>
    enterConsumer(client(STSClient), role, region),
  );
  if ("missing" in entered) return { account, proof: "readable", missing: entered.missing };
  const ssm = client(SSMClient, entered.result);
  const read = await attempt({ ...trial, action: "ssm:GetParameter", on: parameter }, () =>
    readParameter(ssm, parameter),
  );
  if ("missing" in read) return { account, proof: "readable", missing: read.missing };
  if (read.result === artifact) return undefined;
  const piece = `${parameter} is ${read.result ?? "empty"} instead of ${artifact}`;
  return { account, proof: "readable", missing: { piece, fix: "reconcile corrects it within the hour" } };
}

export const handler = lambda({ input, run: verifyParameter });
