import type { RunInstancesCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Instance } from "../ec2/instances/instance.ts";
import { observeInstances } from "../ec2/instances/instance-life.ts";
import { visibleSubnets } from "../ec2/network/visible.ts";
import { ec2State } from "../ec2/state.ts";
import { autoScalingPrincipal } from "./service-linked-role.ts";
import { autoScalingState, beginActivity, endActivity, type Group, type Member, timeOf } from "./state.ts";

/** A group acts some seconds after it is made or changed. */
const SOON_MS = 10_000;
/** Failed launches are tried again, less and less often. AWS does not publish how often. */
const RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 30 * 60_000;

/**
 * Looks at a group soon, and brings it to its desired capacity.
 * @param why what AWS's activities say first: `a user request created an AutoScalingGroup changing the desired capacity from 0 to 1`
 */
export function scaleSoon(aws: EmbeddedAws, group: Group, why: string): void {
  const asked = timeOf(aws.clock.now());
  look(aws, group, SOON_MS, `At ${asked} ${why}.  `);
}

function look(aws: EmbeddedAws, group: Group, after: number, why: string, recurring = false): void {
  group.next?.();
  group.next = aws.clock.after(after, () => scale(aws, group, why), { recurring });
}

/** Terminating instances count no more. */
const counted = (group: Group): Member[] => [...group.members.values()].filter(({ state }) => state !== "Terminating");

async function scale(aws: EmbeddedAws, group: Group, why: string): Promise<void> {
  group.next = undefined;
  watch(aws, group);
  const present = counted(group);
  for (let count = present.length; count < group.desired; count++) {
    if (!(await launchOne(aws, group, why, count))) return retry(aws, group);
  }
  // The oldest first. AWS's default policy looks at zones and template versions before age.
  const surplus = present.filter(({ protectedFromScaleIn }) => group.deleting || !protectedFromScaleIn);
  for (const [index, member] of surplus.slice(0, Math.max(0, present.length - group.desired)).entries()) {
    const from = present.length - index;
    const cause = `${why}At ${timeOf(aws.clock.now())} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${from} to ${from - 1}.  At ${timeOf(aws.clock.now())} instance ${member.instanceId} was selected for termination.`;
    await terminateOne(aws, group, member, cause);
  }
  forgetDeleted(aws, group);
}

/** Tries again for ever, which does not drive virtual time. */
function retry(aws: EmbeddedAws, group: Group): void {
  const wait = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** group.failures++);
  look(aws, group, wait, "", true);
}

/** Whether the launch was accepted. Whether the instance ever runs shows later. */
async function launchOne(aws: EmbeddedAws, group: Group, why: string, count: number): Promise<boolean> {
  const choices = visibleSubnets(aws, group).filter(({ id, zone, isDefault }) =>
    group.subnets.length > 0 ? group.subnets.includes(id) : isDefault && group.zones.includes(zone.name),
  );
  // The zone with the fewest instances (Auto Scaling user guide, "Distribute instances across Availability Zones").
  const load = (zone: string) => counted(group).filter((member) => member.zone === zone).length;
  const [subnet] = choices.sort((a, b) => load(a.zone.name) - load(b.zone.name));
  if (!subnet) return false;
  const { id, version } = group.template;
  const activity = beginActivity(aws, group, {
    description: "Launching a new EC2 instance",
    cause: `${why}At ${timeOf(aws.clock.now())} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${count} to ${count + 1}.`,
    details: JSON.stringify({ "Subnet ID": subnet.id, "Availability Zone": subnet.zone.name }),
  });
  try {
    const { Instances } = await aws.call<RunInstancesCommandOutput>(
      "ec2",
      "RunInstances",
      {
        LaunchTemplate: { LaunchTemplateId: id, Version: version ?? "$Default" },
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet.id,
        ...(group.tags.some(({ PropagateAtLaunch }) => PropagateAtLaunch) && {
          TagSpecifications: [{ ResourceType: "instance", Tags: propagated(group) }],
        }),
      },
      { principal: autoScalingPrincipal(aws, group.account), region: group.region },
    );
    const launched = Instances?.[0];
    const instanceId = launched?.InstanceId ?? "";
    activity.description += `: ${instanceId}`;
    group.members.set(instanceId, {
      instanceId,
      instanceType: launched?.InstanceType,
      zone: subnet.zone.name,
      zoneId: subnet.zone.id,
      template: group.template,
      state: "Pending",
      healthy: true,
      protectedFromScaleIn: group.protectNew,
      activity,
    });
    tagWithGroup(aws, group, instanceId);
    return true;
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    const stop = refusal.message.endsWith(".") ? "" : ".";
    endActivity(aws, activity, "Failed", `${refusal.message}${stop} Launching EC2 instance failed.`);
    return false;
  }
}

const propagated = (group: Group) =>
  group.tags.filter(({ PropagateAtLaunch }) => PropagateAtLaunch).map(({ Key, Value }) => ({ Key, Value }));

/** Tags that begin with `aws:` are AWS's own to give. */
function tagWithGroup(aws: EmbeddedAws, group: Group, instanceId: string): void {
  const { tags } = aws.state(ec2State, group.account, group.region);
  tags.set(instanceId, new Map([...(tags.get(instanceId) ?? []), ["aws:autoscaling:groupName", group.name]]));
}

async function terminateOne(aws: EmbeddedAws, group: Group, member: Member, cause: string): Promise<void> {
  member.state = "Terminating";
  member.activity = beginActivity(aws, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause,
    details: JSON.stringify({ "Availability Zone": member.zone }),
  });
  await terminateInstance(aws, group, member);
}

const terminateInstance = (aws: EmbeddedAws, { account, region }: Group, { instanceId }: Member): Promise<void> =>
  aws.call(
    "ec2",
    "TerminateInstances",
    { InstanceIds: [instanceId] },
    { principal: autoScalingPrincipal(aws, account), region },
  );

/** Follows the instances of all groups of one account and region. */
function watch(aws: EmbeddedAws, group: Group): void {
  const state = aws.state(autoScalingState, group.account, group.region);
  if (state.watching) return;
  state.watching = true;
  observeInstances(aws, group.account, group.region, (instance) => {
    for (const one of state.groups.values()) {
      const member = one.members.get(instance.id);
      if (member) follow(aws, one, member, instance);
    }
  });
}

function follow(aws: EmbeddedAws, group: Group, member: Member, instance: Instance): void {
  if (instance.state === "running" && member.state === "Pending") {
    member.state = "InService";
    group.failures = 0;
    endActivity(aws, member.activity, "Successful");
  } else if (instance.state === "terminated") {
    leave(aws, group, member, instance);
  } else if ((instance.state === "shutting-down" || instance.state === "stopping") && member.state === "InService") {
    replace(aws, group, member, instance);
  }
}

/** An instance that is stopped or terminated behind the group's back is unhealthy, and is replaced. */
function replace(aws: EmbeddedAws, group: Group, member: Member, instance: Instance): void {
  member.healthy = false;
  member.state = "Terminating";
  member.activity = beginActivity(aws, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause: `At ${timeOf(aws.clock.now())} an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.`,
    details: JSON.stringify({ "Availability Zone": member.zone }),
  });
  if (!group.deleting) look(aws, group, SOON_MS, "");
  if (instance.state === "stopping") aws.clock.after(0, () => terminateInstance(aws, group, member));
}

function leave(aws: EmbeddedAws, group: Group, member: Member, instance: Instance): void {
  group.members.delete(member.instanceId);
  if (member.state === "Pending") {
    const reason = instance.stateReason?.Message ?? "";
    const message = `Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: ${reason}`;
    endActivity(aws, member.activity, "Cancelled", message);
    if (!group.deleting) retry(aws, group);
  } else {
    endActivity(aws, member.activity, "Successful");
  }
  forgetDeleted(aws, group);
}

/** A deleted group is gone once its last instance is. */
function forgetDeleted(aws: EmbeddedAws, group: Group): void {
  if (!group.deleting || group.members.size > 0) return;
  group.next?.();
  aws.state(autoScalingState, group.account, group.region).groups.delete(group.name);
}
