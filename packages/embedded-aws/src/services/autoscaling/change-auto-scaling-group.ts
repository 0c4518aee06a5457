import type * as Sdk from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeTemplateUse } from "./authorize-template.ts";
import { authorizeGroup, groupsOf, requireGroup } from "./find-group.ts";
import { COMMON, placesOf, requireSizes, templateOf } from "./group-input.ts";
import { requireBuilt } from "./refusals.ts";
import { scaleSoon } from "./scale.ts";
import { autoScalingState } from "./state.ts";

const BUILT: ReadonlySet<string> = new Set(COMMON);

const inProgress = (message: string): AwsError =>
  new AwsError("ScalingActivityInProgressFault", message, { status: 400 });

export const operations = {
  UpdateAutoScalingGroup: {
    authorize: (input, call) => [
      ...authorizeGroup(call, input.AutoScalingGroupName),
      ...authorizeTemplateUse(call, input.LaunchTemplate),
    ],
    run(input, call) {
      requireBuilt("UpdateAutoScalingGroup", input, BUILT);
      const group = requireGroup(call, input.AutoScalingGroupName);
      if (group.deleting) throw inProgress(`AutoScalingGroup ${group.name} is being deleted`);
      const min = input.MinSize ?? group.min;
      const max = input.MaxSize ?? group.max;
      // UpdateAutoScalingGroup, API reference: a capacity that is not given moves into new bounds by itself.
      const desired = input.DesiredCapacity ?? Math.min(Math.max(group.desired, min), max);
      requireSizes({ min, max, desired });
      const places = input.VPCZoneIdentifier || input.AvailabilityZones ? placesOf(call, input) : {};
      const template = input.LaunchTemplate ? { template: templateOf(call, input) } : {};
      const before = group.desired;
      Object.assign(group, {
        min,
        max,
        desired,
        ...places,
        ...template,
        cooldown: input.DefaultCooldown ?? group.cooldown,
        healthCheckType: input.HealthCheckType ?? group.healthCheckType,
        gracePeriod: input.HealthCheckGracePeriod ?? group.gracePeriod,
        terminationPolicies: input.TerminationPolicies ?? group.terminationPolicies,
        protectNew: input.NewInstancesProtectedFromScaleIn ?? group.protectNew,
      });
      scaleSoon(
        call.aws,
        group,
        `a user request update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired} changing the desired capacity from ${before} to ${desired}.`,
      );
      return {};
    },
  },
  /** With `ForceDelete` its instances go first. */
  DeleteAutoScalingGroup: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run(input, call) {
      const group = requireGroup(call, input.AutoScalingGroupName);
      const { activities } = call.aws.state(autoScalingState, call.account, call.region);
      if (!input.ForceDelete) {
        if (group.members.size > 0) {
          throw new AwsError(
            "ResourceInUseFault",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
            { status: 400 },
          );
        }
        if (activities.some(({ groupArn, status }) => groupArn === group.arn && status === "InProgress")) {
          throw inProgress("You cannot delete an AutoScalingGroup while there are scaling activities in progress.");
        }
      }
      group.next?.();
      if (group.members.size === 0) {
        groupsOf(call).delete(group.name);
        return {};
      }
      Object.assign(group, { deleting: true, min: 0, desired: 0 });
      scaleSoon(call.aws, group, "a user request force deleted AutoScalingGroup changing the desired capacity to 0.");
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
