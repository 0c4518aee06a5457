import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { Instance } from "../ec2/instances/instance.ts";
import { observeInstances } from "../ec2/instances/instance-life.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { fleetPlan } from "./fleet.ts";
import { autoScalingPrincipal } from "./service-linked-role.ts";
import {
  type Activity,
  autoScalingState,
  beginActivity,
  endActivity,
  type Group,
  type Member,
  timeOf,
} from "./state.ts";

/** Re-evaluates a group after its instances changed. */
export type Look = (aws: EmbeddedAws, group: Group, what: "changed" | "failed") => void;

const zoneOf = ({ zone }: Member) => JSON.stringify({ "Availability Zone": zone });

export async function terminateOne(aws: EmbeddedAws, group: Group, member: Member, cause: string): Promise<void> {
  member.state = "Terminating";
  member.activity = beginActivity(aws, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause,
    details: zoneOf(member),
  });
  await terminateInstance(aws, group, member);
}

/** Retried later when EC2 throttles it. */
async function terminateInstance(
  aws: EmbeddedAws,
  group: Group,
  { instanceId }: Pick<Member, "instanceId">,
): Promise<void> {
  const as = { principal: autoScalingPrincipal(aws, group.account), region: group.region };
  try {
    await aws.call("ec2", "TerminateInstances", { InstanceIds: [instanceId] }, as);
  } catch (refusal) {
    if (!isThrottled(refusal)) throw refusal;
    aws.clock.after(THROTTLED_MS, () => terminateInstance(aws, group, { instanceId }));
  }
}

/** When a throttled EC2 request is retried. */
export const THROTTLED_MS = 5_000;

export const isThrottled = (refusal: unknown): boolean =>
  refusal instanceof AwsError && refusal.code === "RequestLimitExceeded";

/** Watches the instances of all groups of one account and region. */
export function watch(aws: EmbeddedAws, group: Group, look: Look): void {
  const state = aws.state(autoScalingState, group.account, group.region);
  if (state.watching) return;
  state.watching = true;
  observeInstances(aws, group.account, group.region, (instance) => {
    for (const one of state.groups.values()) {
      const member = one.members.get(instance.id);
      if (member) follow(aws, one, member, instance, look);
    }
  });
}

function follow(aws: EmbeddedAws, group: Group, member: Member, instance: Instance, look: Look): void {
  if (instance.state === "running" && member.state === "Pending") {
    member.state = "InService";
    member.inServiceAt = aws.clock.now();
    group.failures = 0;
    endActivity(aws, member.activity, "Successful");
    announceActivity(aws, group, member.activity, "Launch Successful", instance.id);
    followHealth(aws, group, member, instance, look);
    look(aws, group, "changed");
  } else if (instance.state === "terminated") {
    leave(aws, group, member, instance, look);
  } else if ((instance.state === "shutting-down" || instance.state === "stopping") && member.state === "InService") {
    replace(aws, group, member, "an EC2 health check indicating it has been terminated or stopped", look);
    if (instance.state === "stopping") aws.clock.after(0, () => terminateInstance(aws, group, member));
  }
}

/** Applies the plan's verdict: a failing member becomes unhealthy after its grace period. */
function followHealth(aws: EmbeddedAws, group: Group, member: Member, instance: Instance, look: Look): void {
  const { account, region, name } = group;
  const verdict = fleetPlan(aws).health?.({
    account,
    region,
    group: name,
    instanceId: member.instanceId,
    imageId: instance.launch.imageId,
    instanceType: instance.launch.instanceType,
    launchedAt: member.launchedAt,
  });
  if (!verdict || verdict.healthy) return;
  const { after = 0, check = "EC2" } = verdict;
  aws.clock.after(member.launchedAt + after * 1000 - aws.clock.now(), () => {
    if (!heeds(group, check)) return;
    member.failing = true;
    look(aws, group, "changed");
    const grace = (member.inServiceAt ?? 0) + group.gracePeriod * 1000 - aws.clock.now();
    aws.clock.after(grace, () => markUnhealthy(aws, group, member, check, look));
  });
}

/** Every group uses EC2's status checks (user guide, "Health checks for instances in an Auto Scaling group"). */
const heeds = ({ healthCheckType }: Group, check: string): boolean =>
  check === "EC2" || healthCheckType.split(",").some((type) => type.trim() === check);

/** @param check the source: `EC2`, `ELB`, or `user` for SetInstanceHealth */
export function markUnhealthy(aws: EmbeddedAws, group: Group, member: Member, check: string, look: Look): void {
  if (!group.members.has(member.instanceId) || member.state !== "InService") return;
  if (check !== "user" && group.suspended.has("HealthCheck")) return;
  member.healthy = false;
  look(aws, group, "changed");
}

/** Replaces unhealthy members, unless that is suspended. */
export async function replaceUnhealthy(aws: EmbeddedAws, group: Group): Promise<void> {
  if (group.suspended.has("ReplaceUnhealthy") || group.suspended.has("Terminate")) return;
  for (const member of group.members.values()) {
    if (member.healthy || member.state !== "InService") continue;
    const cause = `At ${timeOf(aws.clock.now())} an instance was taken out of service in response to a health check of the group.`;
    await terminateOne(aws, group, member, cause);
  }
}

/** An instance that was stopped or terminated outside the group is unhealthy, and is replaced. */
function replace(aws: EmbeddedAws, group: Group, member: Member, why: string, look: Look): void {
  member.healthy = false;
  member.state = "Terminating";
  member.activity = beginActivity(aws, group, {
    description: `Terminating EC2 instance: ${member.instanceId}`,
    cause: `At ${timeOf(aws.clock.now())} an instance was taken out of service in response to ${why}.`,
    details: zoneOf(member),
  });
  if (!group.deleting) look(aws, group, "changed");
}

function leave(aws: EmbeddedAws, group: Group, member: Member, instance: Instance, look: Look): void {
  group.members.delete(member.instanceId);
  if (member.state === "Pending") {
    const reason = instance.stateReason?.Message ?? "";
    const message = `Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: ${reason}`;
    endActivity(aws, member.activity, "Cancelled", message);
    announceActivity(aws, group, member.activity, "Launch Unsuccessful", instance.id);
    if (!group.deleting) look(aws, group, "failed");
  } else {
    endActivity(aws, member.activity, "Successful");
    announceActivity(aws, group, member.activity, "Terminate Successful", instance.id);
    if (!group.deleting) look(aws, group, "changed");
  }
  forgetDeleted(aws, group);
}

/** A deleted group disappears after its last instance. */
export function forgetDeleted(aws: EmbeddedAws, group: Group): void {
  if (!group.deleting || group.members.size > 0) return;
  group.next?.();
  aws.state(autoScalingState, group.account, group.region).groups.delete(group.name);
}

/** EC2 Auto Scaling events reference, "EC2 Instance Launch Successful" and the like. */
export function announceActivity(
  aws: EmbeddedAws,
  group: Group,
  activity: Activity,
  what: "Launch Successful" | "Launch Unsuccessful" | "Terminate Successful",
  instanceId: string,
): void {
  const { account, region } = group;
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.autoscaling",
    "detail-type": `EC2 Instance ${what}`,
    resources: [
      group.arn,
      ...(instanceId ? [`arn:${aws.partition}:ec2:${region}:${account}:instance/${instanceId}`] : []),
    ],
    detail: {
      StatusCode: what === "Launch Unsuccessful" ? "Failed" : "InProgress",
      AutoScalingGroupName: group.name,
      ActivityId: activity.id,
      Details: JSON.parse(activity.details),
      RequestId: activity.id,
      Progress: what === "Launch Unsuccessful" ? 100 : 50,
      EndTime: new Date(activity.endedAt ?? aws.clock.now()).toISOString(),
      EC2InstanceId: instanceId,
      StartTime: new Date(activity.startedAt).toISOString(),
      Cause: activity.cause,
      Description: activity.description,
      StatusMessage: activity.message ?? "",
      Origin: what === "Terminate Successful" ? "AutoScalingGroup" : "EC2",
      Destination: what === "Terminate Successful" ? "EC2" : "AutoScalingGroup",
    },
  });
}
