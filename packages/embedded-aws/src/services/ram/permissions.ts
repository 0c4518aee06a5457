import { AwsError } from "../../engine/aws-error.ts";

/** The one type of resource that can be shared here. */
export const PARAMETER_TYPE = "ssm:Parameter";

interface ManagedPermission {
  readonly type: string;
  readonly actions: readonly string[];
}

const READ = ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"];
const arnOf = (name: string): string => `arn:aws:ram::aws:permission/${name}`;

/** What a shared parameter's consumers may do (Systems Manager user guide, "Permissions sets for sharing parameters"). */
const PERMISSIONS: Readonly<Record<string, ManagedPermission>> = {
  [arnOf("AWSRAMDefaultPermissionSSMParameterReadOnly")]: { type: PARAMETER_TYPE, actions: READ },
  [arnOf("AWSRAMPermissionSSMParameterReadOnlyWithHistory")]: {
    type: PARAMETER_TYPE,
    actions: [...READ, "ssm:GetParameterHistory"],
  },
};

const DEFAULT = arnOf("AWSRAMDefaultPermissionSSMParameterReadOnly");

/** Actions that a share grants on its resources of one type. */
export const grantedActions = (permissions: ReadonlyMap<string, string>, type: string): readonly string[] =>
  PERMISSIONS[permissions.get(type) ?? DEFAULT]?.actions ?? [];

/**
 * One permission for each type of resource.
 * @throws MalformedArnException, UnknownResourceException, InvalidParameterException
 */
export function requirePermissions(arns: readonly string[]): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  for (const arn of arns) {
    if (!/^arn:[^:]+:ram:[^:]*:(?:aws|\d{12}):permission\/[^:]+$/.test(arn)) {
      throw new AwsError("MalformedArnException", `The specified permission ARN ${arn} is not valid.`);
    }
    const permission = PERMISSIONS[arn];
    if (!permission) throw new AwsError("UnknownResourceException", `Permission ${arn} could not be found.`);
    if (chosen.has(permission.type)) {
      throw new AwsError(
        "InvalidParameterException",
        `You can associate only one permission with each resource type: ${permission.type} has more.`,
      );
    }
    chosen.set(permission.type, arn);
  }
  return chosen;
}
