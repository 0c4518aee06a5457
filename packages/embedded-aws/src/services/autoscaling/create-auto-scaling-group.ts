import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { CreateAutoScalingGroupCommandInput, TagDescription } from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeTemplateUse } from "./authorize-template.ts";
import { arnOf, groupsOf } from "./find-group.ts";
import { COMMON, placesOf, requireSizes, templateOf } from "./group-input.ts";
import { invalid, requireBuilt } from "./refusals.ts";
import { scaleSoon } from "./scale.ts";
import { autoScalingPrincipal } from "./service-linked-role.ts";
import type { Group } from "./state.ts";

type Input = CreateAutoScalingGroupCommandInput;

const BUILT: ReadonlySet<string> = new Set([...COMMON, "Tags", "ServiceLinkedRoleARN"]);

export const operations = {
  CreateAutoScalingGroup: {
    authorize: (input, call) => [
      {
        resources: [arnOf(call, input.AutoScalingGroupName)],
        context: requestTagContext((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      },
      ...authorizeTemplateUse(call, input.LaunchTemplate),
    ],
    run(input, call) {
      requireBuilt("CreateAutoScalingGroup", input, BUILT);
      const { aws, account, region } = call;
      const name = input.AutoScalingGroupName ?? "";
      if (name.includes(":")) throw invalid(`Invalid Auto Scaling group name '${name}': it cannot contain a colon`);
      if (groupsOf(call).has(name)) {
        throw new AwsError(
          "AlreadyExistsFault",
          `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
          { status: 400 },
        );
      }
      requireOwnRole(input, autoScalingPrincipal(aws, account).arn);
      const min = input.MinSize ?? 0;
      const sizes = { min, max: input.MaxSize ?? 0, desired: input.DesiredCapacity ?? min };
      requireSizes(sizes);
      const group: Group = {
        name,
        arn: arnOf(call, name, aws.uuid()),
        account,
        region,
        createdAt: aws.clock.now(),
        template: templateOf(call, input),
        ...sizes,
        cooldown: input.DefaultCooldown ?? 300,
        healthCheckType: input.HealthCheckType ?? "EC2",
        gracePeriod: input.HealthCheckGracePeriod ?? 0,
        terminationPolicies: input.TerminationPolicies ?? ["Default"],
        protectNew: input.NewInstancesProtectedFromScaleIn ?? false,
        ...placesOf(call, input),
        tags: (input.Tags ?? []).map(
          ({ Key = "", Value = "", PropagateAtLaunch = false }): TagDescription => ({
            Key,
            Value,
            PropagateAtLaunch,
            ResourceId: name,
            ResourceType: "auto-scaling-group",
          }),
        ),
        members: new Map(),
        failures: 0,
        next: undefined,
        deleting: false,
      };
      groupsOf(call).set(name, group);
      if (group.desired > 0) {
        scaleSoon(
          aws,
          group,
          `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${group.desired}.`,
        );
      }
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

/** Roles with a suffix of one's own come from IAM's CreateServiceLinkedRole. */
function requireOwnRole({ ServiceLinkedRoleARN: asked }: Input, session: string): void {
  const name = asked?.slice(asked.lastIndexOf("/") + 1);
  if (name === undefined || session.includes(`/${name}/`)) return;
  throw new AwsError(
    "NotImplemented",
    `autoscaling:CreateAutoScalingGroup is not built for ServiceLinkedRoleARN ${asked}`,
  );
}
