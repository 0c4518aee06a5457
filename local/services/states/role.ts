import { AwsError } from "../../aws-error.ts";
import type { Authorization } from "../../operation.ts";

/** Who gives a machine a role must be allowed to pass it to Step Functions. */
export const passRole = (roleArn: string | undefined): readonly Partial<Authorization>[] =>
  roleArn === undefined
    ? []
    : [
        {
          action: "iam:PassRole",
          resources: [roleArn],
          context: { "iam:PassedToService": "states.amazonaws.com" },
        },
      ];

export function checkRole(roleArn: string | undefined): string {
  if (roleArn && /^arn:[\w-]+:iam::\d{12}:role\/.+/.test(roleArn)) return roleArn;
  throw new AwsError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
}
