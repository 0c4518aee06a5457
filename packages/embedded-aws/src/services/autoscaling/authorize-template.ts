import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../engine/aws-error.ts";
import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeLaunch } from "../ec2/instances/run-instances.ts";

/**
 * Whoever gives a group a launch template must be allowed to launch by it (Auto Scaling user guide, "Control Amazon EC2
 * launch template usage in Auto Scaling groups"). A template that is not there is refused by the operation itself.
 */
export function authorizeTemplateUse(
  call: Call,
  template: LaunchTemplateSpecification | undefined,
): Partial<Authorization>[] {
  if (!template) return [];
  const refusal = () =>
    new AwsError(
      "AccessDenied",
      `You are not authorized to use launch template: ${template.LaunchTemplateId ?? template.LaunchTemplateName}`,
      { status: 403 },
    );
  try {
    const launch = authorizeLaunch({ LaunchTemplate: template, MinCount: 1, MaxCount: 1 }, call);
    return launch.map((asked) => ({ action: "ec2:RunInstances", ...asked, refusal }));
  } catch (missing) {
    if (missing instanceof AwsError) return [];
    throw missing;
  }
}
