import { AwsError } from "../../engine/aws-error.ts";
import type { Authorization, Call } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";

/** Who gives a machine a role must be allowed to pass it to Step Functions, and the role must trust it. */
export const passRole = (call: Call, roleArn: string | undefined, machine: string): readonly Partial<Authorization>[] =>
  givingRole(call.aws, roleArn, "states.amazonaws.com", machine);

export function checkRole(roleArn: string | undefined): string {
  if (roleArn && /^arn:[\w-]+:iam::\d{12}:role\/.+/.test(roleArn)) return roleArn;
  throw new AwsError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
}
