import { EC2Client } from "@aws-sdk/client-ec2";
import { KMSClient } from "@aws-sdk/client-kms";
import { STSClient } from "@aws-sdk/client-sts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import {
  describeAsConsumer,
  dryRunLaunch,
  findHidesImages,
  findKeys,
  findSubnets,
  keyDryRuns,
} from "../../adapters/share/launch-dry-runs.ts";
import type { IdOrTag } from "../../core/factory/network-schema.ts";
import { autoScalingRoleArn } from "../../core/share/auto-scaling-grants.ts";
import { type Missing, noSubnetByTag } from "../../core/share/explain-refusal.ts";
import type { AmiId } from "../../events/ids.ts";
import type { Proof } from "../../events/share.ts";
import type { Invocation } from "../invocation.ts";
import { attempt, inBatches } from "./attempt.ts";
import { consumerRoleOf } from "./consumer-role.ts";

export interface LaunchTried {
  readonly region: string;
  readonly amiId: AmiId;
  readonly instanceType: string;
  /** By account; default: a subnet of the default VPC. */
  readonly subnets: Readonly<Record<string, IdOrTag>>;
}

/** How far an account got: the last proof, and what was missing. */
export interface AccountVerdict {
  readonly account: string;
  readonly proof: Proof;
  readonly missing?: Missing;
  /** Why the launch dry run was skipped, while the rest passed. */
  readonly notTried?: Missing;
  /** The subnet of the launch dry run, if the config names one. */
  readonly subnet?: string;
}

/**
 * Verifies in each account, with its own role, what a launch requires and can be checked without launching.
 * @throws AWS failures and throttling: only denials are verdicts
 */
export async function verifyAsConsumers(
  accounts: readonly string[],
  tried: LaunchTried,
  invocation: Invocation,
): Promise<AccountVerdict[]> {
  const permitted = await inBatches(accounts, (account) => tryToLaunch(account, tried, invocation));
  const [first] = permitted.flatMap((one) => ("kms" in one ? one : []));
  // The AMI's snapshots are the same for all accounts, and only their owner sees their keys.
  const keys = first ? await findKeys(invocation.client(EC2Client, tried.region), first.snapshots) : [];
  return inBatches(permitted, (one) => ("kms" in one ? tryKeys(one, keys, tried, invocation) : Promise.resolve(one)));
}

interface Permitted {
  readonly account: string;
  readonly kms: KMSClient;
  readonly snapshots: readonly string[];
  readonly notTried?: Missing;
  readonly subnet?: string;
}

/** First proof: the account sees the AMI and may launch it. */
async function tryToLaunch(
  account: string,
  tried: LaunchTried,
  invocation: Invocation,
): Promise<Permitted | AccountVerdict> {
  const { settings, client } = invocation;
  const { region, amiId: ami, instanceType, subnets } = tried;
  const role = consumerRoleOf(settings, account);
  const trial = { account, region, factory: settings.factory.name };
  const refused = (missing: Missing): AccountVerdict => ({ account, proof: "permitted", missing });
  const entered = await attempt({ ...trial, action: "sts:AssumeRole", on: role.arn }, () =>
    enterConsumer(client(STSClient), role, region),
  );
  if ("missing" in entered) return refused(entered.missing);
  const ec2 = client(EC2Client, entered.result);
  const kms = client(KMSClient, entered.result);
  const hides = () => findHidesImages(ec2);
  const seen = await attempt(
    { ...trial, action: "ec2:DescribeImages", on: ami },
    () => describeAsConsumer(ec2, ami),
    hides,
  );
  if ("missing" in seen) return refused(seen.missing);
  const { result: snapshots } = seen;
  const asked = subnets[account];
  const named = typeof asked === "object" ? await findSubnets(ec2, asked.tag) : asked === undefined ? [] : [asked];
  const [subnet] = named;
  if (asked && named.length !== 1) return { account, kms, snapshots, notTried: noSubnetByTag(trial, named.length) };
  const place = subnet === undefined ? {} : { subnet };
  const launched = await attempt(
    { ...trial, action: "ec2:RunInstances", on: ami },
    () => dryRunLaunch(ec2, { ami, instanceType, ...place }),
    hides,
  );
  if (!("missing" in launched)) return { account, kms, snapshots, ...place };
  return launched.missing.notTried
    ? { account, kms, snapshots, notTried: launched.missing }
    : refused(launched.missing);
}

/** Second proof: the account may use the keys, as far as principals other than EC2 can check. */
async function tryKeys(
  { account, kms, notTried, subnet }: Permitted,
  keys: readonly string[],
  { region }: LaunchTried,
  { settings }: Invocation,
): Promise<AccountVerdict> {
  const role = autoScalingRoleArn(settings.place.partition, account);
  for (const key of keys) {
    for (const { action, run } of keyDryRuns(kms, key, role)) {
      const tried = await attempt({ account, region, factory: settings.factory.name, action, on: key }, run);
      if ("missing" in tried) return { account, proof: "decryptable", missing: tried.missing };
    }
  }
  return { account, proof: "decryptable", ...(notTried && { notTried }), ...(subnet && { subnet }) };
}
