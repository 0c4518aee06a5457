import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { putTarget } from "../../adapters/rollout/rollouts.ts";
import { enterConsumer } from "../../adapters/share/consumer.ts";
import type { Rollout } from "../../core/factory/rollout-schema.ts";
import type { OptedInGroup } from "../../core/rollout/group.ts";
import type { RolloutRecord, TargetRecord } from "../../core/rollout/records.ts";
import type { ProveHeld } from "../channel/put-copy.ts";
import type { Step } from "../step.ts";
import { rolloutRoleOf } from "./consumer-session.ts";
import type { ChannelOf } from "./open-roll-out.ts";

/** A roll-out while a turn is taken. */
export interface Running extends ChannelOf {
  readonly record: RolloutRecord;
  readonly policy: Rollout;
  readonly step: Step;
  /** Asks AWS whether an AMI is the build's: other functions write a roll-out's record, too. */
  readonly prove: ProveHeld;
}

/** While rings may be moved, too. */
export interface Going extends Running {
  readonly step: Step<"MIRROR_CHANNEL_FUNCTION">;
}

/** An account's region, entered by the role of roll-outs. */
export interface Entered {
  readonly account: string;
  readonly region: string;
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly cloudWatch: CloudWatchClient;
}

/** @throws what STS refuses */
export async function enterPlace(
  { account, region }: Pick<Entered, "account" | "region">,
  { settings, client }: Pick<Step, "settings" | "client">,
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

/** A group of a roll-out, where it is. */
export interface Acting {
  readonly running: Running;
  readonly entered: Entered;
  readonly group: OptedInGroup;
}

/** Somebody else wrote the group's record meanwhile; whoever did goes on with it. */
export class WrittenMeanwhile extends Error {
  override readonly name = "WrittenMeanwhile";
}

/** @throws WrittenMeanwhile */
export async function saveTarget(
  { image, channel, record, step }: Running,
  before: TargetRecord | undefined,
  next: TargetRecord,
): Promise<TargetRecord> {
  const saved = await putTarget(step.ledger, { image, channel, rollout: record.id }, before, { next, now: step.now });
  if (!saved) throw new WrittenMeanwhile(`${next.group} of ${image} ${channel} was written meanwhile`);
  return saved;
}
