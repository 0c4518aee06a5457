import type * as Sdk from "@aws-sdk/client-auto-scaling";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { choicesOf, configurationOf, isMoving, usesParameter, versionNow } from "../configuration.ts";
import { authorizeTemplateUse } from "../group-input.ts";
import { reading } from "../readings.ts";
import { look } from "../scale.ts";
import {
  authorizeGroup,
  type Configuration,
  type Group,
  invalid,
  type Preferences,
  type Refresh,
  requireGroup,
} from "../state.ts";
import { preferencesOf } from "./preferences.ts";
import { activeRefresh, beginRollback, endRefresh, toRefresh } from "./refresh.ts";

/** API reference, DescribeInstanceRefreshes: the last six weeks. */
const KEPT_MS = 42 * 86_400_000;

const fault = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

/** Why a group's refreshes cannot be rolled back; undefined: they can (API reference, RollbackInstanceRefresh). */
function irreversible(call: Call, group: Group, desired: Configuration | undefined): string | undefined {
  if (!desired) return "The instance refresh has no desired configuration.";
  if (isMoving(group.configuration)) {
    return "The Auto Scaling group uses the $Latest or $Default version of its launch template.";
  }
  return usesParameter(call, group.configuration)
    ? "The Auto Scaling group has a launch template that uses a Systems Manager parameter instead of an AMI ID."
    : undefined;
}

/** @throws ValidationError for settings that do not fit the group */
function requireFitting(call: Call, group: Group, desired: Configuration | undefined, preferences: Preferences): void {
  // inferred: documented in the user guide of 2023; the current one was not seen.
  const strict = reading(call.aws, "parameterGroups") === "refused" && usesParameter(call, group.configuration);
  if (strict && desired) {
    throw invalid(
      "A desired configuration cannot be specified when the launch template uses a Systems Manager parameter for its AMI.",
    );
  }
  if (strict && preferences.SkipMatching) {
    throw invalid("SkipMatching cannot be used when the launch template uses a Systems Manager parameter for its AMI.");
  }
  const why = preferences.AutoRollback ? irreversible(call, group, desired) : undefined;
  if (why) throw invalid(`AutoRollback cannot be used. ${why}`);
  for (const { template, instanceType } of choicesOf(desired ?? group.configuration)) {
    // As users report; AWS does not document it.
    if (desired && !instanceType && !versionNow(call, template).data.InstanceType) {
      throw invalid(
        "You must use a valid fully-formed launch template. The request must contain the parameter InstanceType",
      );
    }
  }
}

function desiredOf(call: Call, { DesiredConfiguration: asked }: Sdk.StartInstanceRefreshCommandInput) {
  const desired = asked && configurationOf(call, asked);
  const images = desired?.mixed?.overrides.some(({ imageId }) => imageId !== undefined);
  // inferred: an override's AMI applies to every launch, and so to this strategy.
  if (images && reading(call.aws, "overrideImages") === "refused") {
    throw invalid("An ImageId in the overrides of a MixedInstancesPolicy needs the strategy ReplaceRootVolume.");
  }
  return desired;
}

/** @throws ActiveInstanceRefreshNotFound */
function requireActive(group: Group): Refresh {
  const refresh = activeRefresh(group);
  if (refresh && refresh.status !== "Cancelling") return refresh;
  throw fault(
    "ActiveInstanceRefreshNotFoundFault",
    `No in progress or pending Instance Refresh found for Auto Scaling group ${group.name}`,
  );
}

export const operations = {
  StartInstanceRefresh: {
    authorize: (input, call) => [
      ...authorizeGroup(call, input.AutoScalingGroupName),
      // inferred: as CreateAutoScalingGroup and UpdateAutoScalingGroup check it.
      ...(reading(call.aws, "templateCheck") === "checked"
        ? authorizeTemplateUse(call, input.DesiredConfiguration ?? {})
        : []),
    ],
    run(input, call) {
      const { aws } = call;
      if (input.Strategy === "ReplaceRootVolume") {
        throw fault("NotImplemented", "autoscaling:StartInstanceRefresh is not built for Strategy ReplaceRootVolume");
      }
      const group = requireGroup(call, input.AutoScalingGroupName);
      if (group.deleting) throw invalid(`AutoScalingGroup ${group.name} is being deleted`);
      if (activeRefresh(group)) {
        throw fault(
          "InstanceRefreshInProgressFault",
          "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
        );
      }
      const preferences = preferencesOf(call, group, input.Preferences);
      const desired = desiredOf(call, input);
      requireFitting(call, group, desired, preferences);
      const now = aws.clock.now();
      const refresh: Refresh = {
        id: aws.uuid(),
        desired,
        preferences,
        status: "Pending",
        reason: undefined,
        startedAt: now,
        endedAt: undefined,
        progress: { percent: 0, remaining: group.desired },
        checkpoints: 0,
        resumesAt: now,
        capacity: group.desired,
        bakedAt: undefined,
        best: -1,
        progressedAt: now,
        pausedMs: 0,
        pausedSince: undefined,
        rollback: undefined,
        ownLaunches: 0,
      };
      group.refreshes.push(refresh);
      look(aws, group, "changed");
      return { InstanceRefreshId: refresh.id };
    },
  },
  /** Newest first. */
  DescribeInstanceRefreshes: {
    list: "InstanceRefreshes",
    run({ AutoScalingGroupName, InstanceRefreshIds: ids }, call) {
      const group = requireGroup(call, AutoScalingGroupName);
      const since = call.aws.clock.now() - KEPT_MS;
      const asked = group.refreshes.filter(
        ({ id, startedAt }) => startedAt >= since && (!ids?.length || ids.includes(id)),
      );
      return { InstanceRefreshes: asked.toReversed().map((refresh) => toRefresh(group, refresh)) };
    },
  },
  /** Replaced instances stay. */
  CancelInstanceRefresh: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run({ AutoScalingGroupName, WaitForTransitioningInstances: waits = true }, call) {
      const group = requireGroup(call, AutoScalingGroupName);
      const refresh = requireActive(group);
      const reason = "Cancelled due to user request.";
      if (waits) Object.assign(refresh, { status: "Cancelling", reason });
      else endRefresh(call.aws, group, refresh, "Cancelled", reason);
      look(call.aws, group, "changed");
      return { InstanceRefreshId: refresh.id };
    },
  },
  /** inferred: a refresh in its bake time is still in progress. */
  RollbackInstanceRefresh: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run({ AutoScalingGroupName }, call) {
      const { aws } = call;
      const group = requireGroup(call, AutoScalingGroupName);
      const refresh = requireActive(group);
      const over = refresh.status === "Baking" && reading(aws, "rollbackWhileBaking") === "refused";
      if (over || refresh.rollback) {
        throw fault(
          "ActiveInstanceRefreshNotFoundFault",
          `No instance refresh of Auto Scaling group ${group.name} can be rolled back now`,
        );
      }
      const why = irreversible(call, group, refresh.desired);
      if (why) throw fault("IrreversibleInstanceRefreshFault", `The instance refresh cannot be rolled back. ${why}`);
      beginRollback(aws, group, refresh, "Rollback due to user request.");
      look(aws, group, "changed");
      return { InstanceRefreshId: refresh.id };
    },
  },
} satisfies Operations<typeof Sdk>;
