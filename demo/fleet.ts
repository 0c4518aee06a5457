import { AutoScalingClient, CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLaunchTemplateCommand, EC2Client } from "@aws-sdk/client-ec2";
import { whyUrgent } from "../adapters/advisories/urgent-advisories.ts";
import { readBatch } from "../adapters/ledger/reads.ts";
import { listClocks } from "../adapters/rollout/exposures.ts";
import { listInstances } from "../adapters/rollout/instances.ts";
import { channelParameter, ringParameter } from "../core/names.ts";
import type { Clock } from "../core/rollout/clock.ts";
import { ROLLOUT_TAG } from "../core/rollout/group.ts";
import { listPatched } from "../core/rollout/patched.ts";
import type { Urgency } from "../events/gate.ts";
import type { RunningFactory } from "../local/boot/boot-factory.ts";
import { asAccount } from "../local/boot/client-options.ts";
import { type Place, readAmi } from "../local/consumers/read-back.ts";
import type { PlannedEvent } from "../local/story/timeline.ts";
import { fleet, shopErrors } from "./story.ts";

type Group = (typeof fleet.groups)[number];

/** Teams run Auto Scaling groups that follow the channel; during a roll-out the alarm of one goes off. */
export const fleetEvents = [
  {
    at: fleet.at,
    async act({ place }) {
      for (const group of fleet.groups) await openGroup(place, group);
    },
  },
  { at: shopErrors.at, act: (running) => setAlarm(running, "ALARM") },
  { at: shopErrors.over, act: (running) => setAlarm(running, "OK") },
  {
    at: shopErrors.resumed,
    act({ send }) {
      const { image, channel } = fleet;
      const { by, reason } = shopErrors;
      return send("steer-roll-out", { image, channel, action: "resume", by, reason });
    },
  },
] as const satisfies readonly PlannedEvent[];

const follows = (): string => `${fleet.image}/${fleet.channel}`;

async function openGroup(place: Place, group: Group): Promise<void> {
  const { account, region, name, desired } = group;
  const own = asAccount(place.options, account, region);
  await new CloudWatchClient(own).send(
    new PutMetricAlarmCommand({
      AlarmName: fleet.alarm,
      Namespace: "Web",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 100,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    }),
  );
  const { LaunchTemplate } = await new EC2Client(own).send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: await imageOf(place, group), InstanceType: "t3.small" },
      TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: ROLLOUT_TAG, Value: follows() }] }],
    }),
  );
  await new AutoScalingClient(own).send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
      MinSize: 1,
      MaxSize: 10,
      DesiredCapacity: desired,
      AvailabilityZones: [`${region}a`, `${region}b`],
      HealthCheckGracePeriod: 120,
      Tags: [{ Key: ROLLOUT_TAG, Value: follows(), PropagateAtLaunch: false }],
    }),
  );
}

/** Most launch templates resolve their wave's parameter; the others name the channel's AMI of that day. */
async function imageOf(place: Place, group: Group): Promise<string | undefined> {
  const { image, channel } = fleet;
  const { name } = place.factory;
  if ("follows" in group) return `resolve:ssm:${ringParameter(name, image, channel, group.follows)}`;
  return readAmi(place, group.region, channelParameter(name, image, channel));
}

async function setAlarm({ options }: RunningFactory, StateValue: "ALARM" | "OK"): Promise<void> {
  const { account, region } = shopErrors;
  const StateReason = StateValue === "OK" ? "the errors are over" : "1,204 errors a minute";
  await new CloudWatchClient(asAccount(options, account, region)).send(
    new SetAlarmStateCommand({ AlarmName: fleet.alarm, StateValue, StateReason }),
  );
}

/** The AMIs of the month's groups at its end, and how soon advisories were fixed in them. */
export interface FollowingFleet {
  readonly groups: readonly {
    readonly account: string;
    readonly region: string;
    readonly name: string;
    readonly amis: readonly string[];
  }[];
  readonly clocks: readonly Clock[];
  /** Of each clock: why its fix took the urgent pace, if it did. */
  readonly urgent: readonly (Urgency | undefined)[];
}

export async function readFollowing({ options, ledger }: RunningFactory): Promise<FollowingFleet> {
  const groups = await Promise.all(
    fleet.groups.map(async ({ account, region, name }) => {
      const ec2 = new EC2Client(asAccount(options, account, region));
      return { account, region, name, amis: (await listInstances(ec2, [name])).map(({ ami }) => ami) };
    }),
  );
  const clocks = listPatched(await listClocks(ledger));
  return { groups, clocks, urgent: await readBatch(ledger, clocks.map(whyUrgent)) };
}
