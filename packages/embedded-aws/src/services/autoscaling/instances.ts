import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { Authorization, Call, Operations } from "../../engine/operation.ts";
import { toActivity } from "./describe-auto-scaling.ts";
import { markUnhealthy } from "./members.ts";
import { look } from "./scale.ts";
import {
  type Activity,
  authorizeGroup,
  beginActivity,
  endActivity,
  type Group,
  groupsOf,
  invalid,
  type Member,
  requireGroup,
  timeOf,
} from "./state.ts";

interface Named {
  readonly AutoScalingGroupName?: string | undefined;
  readonly InstanceIds?: readonly string[] | undefined;
}

/** @throws ValidationError for an instance that is not in the group */
function named(call: Call, { AutoScalingGroupName, InstanceIds = [] }: Named): { group: Group; members: Member[] } {
  const group = requireGroup(call, AutoScalingGroupName);
  const members = InstanceIds.map((id) => {
    const member = group.members.get(id);
    if (member) return member;
    throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
  });
  return { group, members };
}

function requireState(members: readonly Member[], state: Member["state"], what: string): void {
  const other = members.find((member) => member.state !== state);
  if (other) throw invalid(`The instance ${other.instanceId} is not in ${state}${what}: it is in ${other.state}.`);
}

/** A group's instance by its id. */
const memberOf = (call: Call, id: string | undefined): { group: Group; member: Member } | undefined => {
  for (const group of groupsOf(call).values()) {
    const member = group.members.get(id ?? "");
    if (member) return { group, member };
  }
  return undefined;
};

/** Moves the instances, which takes no time here. */
function move(call: Call, group: Group, members: readonly Member[], to: "Standby" | "InService"): Activity[] {
  return members.map((member) => {
    const into = to === "Standby";
    const activity = beginActivity(call.aws, group, {
      description: `Moving EC2 instance ${into ? "to" : "out of"} Standby: ${member.instanceId}`,
      cause: `At ${timeOf(call.aws.clock.now())} instance ${member.instanceId} was moved ${into ? "to" : "out of"} standby in response to a user request.`,
      details: JSON.stringify({ "Availability Zone": member.zone }),
    });
    member.state = to;
    endActivity(call.aws, activity, "Successful");
    return activity;
  });
}

const authorize = (input: Named, call: Call): Partial<Authorization>[] =>
  authorizeGroup(call, input.AutoScalingGroupName);

export const operations = {
  SetInstanceProtection: {
    authorize,
    run(input, call) {
      const { group, members } = named(call, input);
      for (const member of members) member.protectedFromScaleIn = input.ProtectedFromScaleIn === true;
      look(call.aws, group, "changed");
    },
  },
  EnterStandby: {
    authorize,
    run(input, call) {
      const { group, members } = named(call, input);
      requireState(members, "InService", ", which standby is entered from");
      const desired = input.ShouldDecrementDesiredCapacity ? group.desired - members.length : group.desired;
      if (desired < group.min) {
        throw invalid(
          `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To place into standby ${members.length} instance(s), please update the AutoScalingGroup sizes appropriately.`,
        );
      }
      const activities = move(call, group, members, "Standby");
      group.desired = desired;
      look(call.aws, group, "changed");
      return { Activities: activities.map((one) => toActivity(one, false)) };
    },
  },
  ExitStandby: {
    authorize,
    run(input, call) {
      const { group, members } = named(call, input);
      requireState(members, "Standby", "");
      if (group.desired + members.length > group.max) {
        throw invalid(
          `AutoScalingGroup ${group.name} has max-size=${group.max} and desired-size=${group.desired}. To return ${members.length} instance(s) to service, please update the AutoScalingGroup sizes appropriately.`,
        );
      }
      const activities = move(call, group, members, "InService");
      group.desired += members.length;
      look(call.aws, group, "changed");
      return { Activities: activities.map((one) => toActivity(one, false)) };
    },
  },
  /** An unhealthy instance is replaced after its grace period, or at once if the request ignores the grace period. */
  SetInstanceHealth: {
    authorize: ({ InstanceId }, call) => authorizeGroup(call, memberOf(call, InstanceId)?.group.name ?? "*"),
    run({ InstanceId, HealthStatus, ShouldRespectGracePeriod = true }, call) {
      const found = memberOf(call, InstanceId);
      if (!found) throw invalid(`Instance Id not found - No managed instance found for instance ID ${InstanceId}`);
      const { group, member } = found;
      if (HealthStatus === "Healthy") {
        member.healthy = true;
        return;
      }
      if (HealthStatus !== "Unhealthy") throw invalid("Valid instance health states are: [Healthy, Unhealthy].");
      const { aws } = call;
      const graceEnds = (member.inServiceAt ?? aws.clock.now()) + group.gracePeriod * 1000;
      // Within the grace period the call has no effect (user guide, "Set the health check grace period").
      if (ShouldRespectGracePeriod && graceEnds > aws.clock.now()) return;
      markUnhealthy(aws, group, member, "user", look);
    },
  },
} satisfies Operations<typeof Sdk>;
