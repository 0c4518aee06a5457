import type { RunInstancesCommandOutput } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { Subnet } from "../ec2/network/state.ts";
import { visibleSubnets } from "../ec2/network/visible.ts";
import { ec2State } from "../ec2/state.ts";
import { type Choice, choicesOf, versionNow } from "./configuration.ts";
import { fleetPlan } from "./fleet.ts";
import { announceActivity, isThrottled } from "./members.ts";
import { activeRefresh, launchedNow } from "./refresh/refresh.ts";
import { autoScalingPrincipal } from "./service-linked-role.ts";
import {
  beginActivity,
  type Configuration,
  endActivity,
  forgetActivity,
  type Group,
  type Member,
  timeOf,
} from "./state.ts";

/** Without terminating instances and those in standby. */
export const counted = (group: Group): Member[] =>
  [...group.members.values()].filter(({ state }) => state !== "Terminating" && state !== "Standby");

/** The zone with the fewest instances (Auto Scaling user guide, "Distribute instances across Availability Zones"). */
function chooseSubnet(aws: EmbeddedAws, group: Group): Subnet | undefined {
  const choices = visibleSubnets(aws, group).filter(({ id, zone, isDefault }) =>
    group.subnets.length > 0 ? group.subnets.includes(id) : isDefault && group.zones.includes(zone.name),
  );
  const load = (zone: string) => counted(group).filter((member) => member.zone === zone).length;
  return choices.sort((a, b) => load(a.zone.name) - load(b.zone.name))[0];
}

/** The configuration of the next launch: a refresh's, or the group's own for a scale-out meanwhile, by reading. */
function nextConfiguration(group: Group): Configuration {
  const refresh = activeRefresh(group);
  if (!refresh || refresh.ownLaunches === 0) return launchedNow(group);
  refresh.ownLaunches--;
  return group.configuration;
}

/** Whether the launch was accepted or should be retried soon. Whether the instance ever runs is known later. */
export async function launchOne(
  aws: EmbeddedAws,
  group: Group,
  why: string,
): Promise<"launched" | "failed" | "throttled"> {
  const subnet = chooseSubnet(aws, group);
  if (!subnet) return "failed";
  const configuration = nextConfiguration(group);
  const before = counted(group).length;
  const activity = beginActivity(aws, group, {
    description: "Launching a new EC2 instance",
    cause: `${why}At ${timeOf(aws.clock.now())} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${before} to ${before + 1}.`,
    details: JSON.stringify({ "Subnet ID": subnet.id, "Availability Zone": subnet.zone.name }),
  });
  try {
    const member = await launchFirst(aws, group, subnet, choicesOf(configuration));
    activity.description += `: ${member.instanceId}`;
    group.members.set(member.instanceId, { ...member, activity });
    tagWithGroup(aws, group, member);
    return "launched";
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    if (isThrottled(refusal)) {
      forgetActivity(aws, activity, group);
      return "throttled";
    }
    const stop = refusal.message.endsWith(".") ? "" : ".";
    endActivity(aws, activity, "Failed", `${refusal.message}${stop} Launching EC2 instance failed.`);
    announceActivity(aws, group, activity, "Launch Unsuccessful", "");
    return "failed";
  }
}

/** The first choice that EC2 has capacity for. @throws EC2's error */
async function launchFirst(
  aws: EmbeddedAws,
  group: Group,
  subnet: Subnet,
  choices: readonly [Choice, ...Choice[]],
): Promise<Omit<Member, "activity">> {
  const [choice, next, ...rest] = choices;
  const { data } = versionNow({ aws, account: group.account, region: group.region }, choice.template);
  const instanceType = choice.instanceType ?? data.InstanceType ?? "";
  const launch = { account: group.account, region: group.region, group: group.name, zone: subnet.zone.name };
  if (fleetPlan(aws).capacity?.({ ...launch, instanceType, at: aws.clock.now() }) !== false) {
    return await launchChoice(aws, group, subnet, choice);
  }
  if (next) return await launchFirst(aws, group, subnet, [next, ...rest]);
  throw new AwsError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${subnet.zone.name}). Our system will be working on provisioning additional capacity.`,
    { status: 500 },
  );
}

async function launchChoice(
  aws: EmbeddedAws,
  group: Group,
  subnet: Subnet,
  { template, instanceType, imageId }: Choice,
): Promise<Omit<Member, "activity">> {
  const { number } = versionNow({ aws, account: group.account, region: group.region }, template);
  const { Instances } = await aws.call<RunInstancesCommandOutput>(
    "ec2",
    "RunInstances",
    {
      LaunchTemplate: { LaunchTemplateId: template.id, Version: String(number) },
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet.id,
      ...(imageId && { ImageId: imageId }),
      ...(instanceType && { InstanceType: instanceType }),
      ...(group.tags.some(({ PropagateAtLaunch }) => PropagateAtLaunch) && {
        TagSpecifications: [{ ResourceType: "instance", Tags: propagated(group) }],
      }),
    },
    { principal: autoScalingPrincipal(aws, group.account), region: group.region },
  );
  const launched = Instances?.[0];
  return {
    instanceId: launched?.InstanceId ?? "",
    instanceType: launched?.InstanceType,
    zone: subnet.zone.name,
    zoneId: subnet.zone.id,
    template: { ...template, version: String(number) },
    overrideImage: imageId,
    launchedAt: aws.clock.now(),
    inServiceAt: undefined,
    state: "Pending",
    healthy: true,
    failing: false,
    protectedFromScaleIn: group.protectNew,
  };
}

const propagated = (group: Group) =>
  group.tags.filter(({ PropagateAtLaunch }) => PropagateAtLaunch).map(({ Key, Value }) => ({ Key, Value }));

/** Only AWS can set tags that begin with `aws:`. */
function tagWithGroup(aws: EmbeddedAws, group: Group, { instanceId, template }: Omit<Member, "activity">): void {
  const { tags } = aws.state(ec2State, group.account, group.region);
  const own: [string, string][] = [
    ["aws:autoscaling:groupName", group.name],
    ["aws:ec2launchtemplate:id", template.id],
    ["aws:ec2launchtemplate:version", template.version ?? ""],
  ];
  tags.set(instanceId, new Map([...(tags.get(instanceId) ?? []), ...own]));
}
