import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import type { Rollout } from "../../core/factory/rollout-schema.ts";
import type { OptedInGroup } from "../../core/rollout/group.ts";
import type { RolloutRecord, TargetRecord } from "../../core/rollout/records.ts";
import type { ProveHeld } from "../channel/put-copy.ts";
import type { Invocation } from "../invocation.ts";
import { rolloutRoleOf } from "./consumer-session.ts";
import type { ChannelOf } from "./open-roll-out.ts";
import type { Targets } from "./targets.ts";

/** A roll-out during a turn. */
export interface Running extends ChannelOf {
  readonly record: RolloutRecord;
  readonly policy: Rollout;
  readonly invocation: Invocation;
  /** Verifies with AWS that an AMI is the build's: several functions write a roll-out's record. */
  readonly prove: ProveHeld;
  readonly targets: Targets;
}

/** The same for steps that may move rings. */
export interface Going extends Running {
  readonly invocation: Invocation<"MIRROR_CHANNEL_FUNCTION">;
}

/** Clients for an account and region, with the roll-out role. */
export interface Entered {
  readonly account: string;
  readonly region: string;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly cloudWatch: CloudWatchClient;
}

/** @throws errors of STS */
export async function enterPlace(
  { account, region }: Pick<Entered, "account" | "region">,
  { settings, client }: Pick<Invocation, "settings" | "client">,
): Promise<Entered> {
  const session = await enterConsumer(client(STSClient), rolloutRoleOf(settings, account), region);
  return {
    account,
    region,
    autoScaling: client(AutoScalingClient, session),
    ec2: client(EC2Client, session),
    ssm: client(SSMClient, session),
    cloudWatch: client(CloudWatchClient, session),
  };
}

/** A roll-out's group, with its account and region. */
export interface Acting {
  readonly running: Running;
  readonly entered: Entered;
  readonly group: OptedInGroup;
}

/** Another function wrote the group's record meanwhile and continues it. */
export class WrittenMeanwhile extends Error {
  override readonly name = "WrittenMeanwhile";
}

/** @throws WrittenMeanwhile */
export async function saveTarget(
  { image, channel, targets }: Running,
  before: TargetRecord | undefined,
  next: TargetRecord,
): Promise<TargetRecord> {
  const saved = await targets.put(before, next);
  if (!saved)
    throw new WrittenMeanwhile(
      `${next.group} of ${image} ${channel} was written meanwhile by another function, which must continue it`,
    );
  return saved;
}
