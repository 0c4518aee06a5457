import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { Operations } from "../../engine/operation.ts";
import { scaleSoon } from "./scale.ts";
import { authorizeGroup, invalid, requireGroup, timeOf } from "./state.ts";

/** User guide, "Suspend and resume processes". Scaling policies, load balancers and rebalancing are not built. */
const PROCESSES = [
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "Launch",
  "ReplaceUnhealthy",
  "ScheduledActions",
  "Terminate",
] as const;

/** The named ones, or all. @throws ValidationError */
function processesOf(asked: readonly string[] | undefined): readonly string[] {
  const unknown = asked?.find((one) => !PROCESSES.some((known) => known === one));
  if (unknown !== undefined) {
    throw invalid(`${unknown} is not a valid process type. Valid types: ${PROCESSES.join(", ")}`);
  }
  return asked?.length ? asked : PROCESSES;
}

export const operations = {
  /** A refresh in progress stops replacing instances until the process is resumed. */
  SuspendProcesses: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run(input, call) {
      const group = requireGroup(call, input.AutoScalingGroupName);
      const reason = `User suspended at ${timeOf(call.aws.clock.now())}`;
      for (const one of processesOf(input.ScalingProcesses))
        if (!group.suspended.has(one)) group.suspended.set(one, reason);
      scaleSoon(call.aws, group, "a user request suspended processes");
    },
  },
  ResumeProcesses: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run(input, call) {
      const group = requireGroup(call, input.AutoScalingGroupName);
      for (const one of processesOf(input.ScalingProcesses)) group.suspended.delete(one);
      scaleSoon(call.aws, group, "a user request resumed processes");
    },
  },
} satisfies Operations<typeof Sdk>;
