import { AwsError, type Call } from "../../engine/operation.ts";
import { networkOf } from "../ec2/network/state.ts";
import { parseReference } from "../ssm/find-parameter.ts";
import { latest, ssmState } from "../ssm/state.ts";
import { invalidParameter } from "./state.ts";

const ARN = /^arn:[^:]+:([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|):(.+)$/;

export const typeOf = (arn: string): string => {
  const [, service = "", , , rest = ""] = ARN.exec(arn) ?? [];
  if (service === "ssm" && rest.startsWith("parameter/")) return PARAMETER_TYPE;
  if (service === "ec2" && rest.startsWith("subnet/")) return SUBNET_TYPE;
  return `${service}:${rest.split(/[/:]/)[0]}`;
};

/**
 * Refuses a resource that the caller cannot share: one that does not exist, belongs to another account, is a default
 * subnet (VPC user guide, "Share your VPC subnets with other accounts"), or is not an advanced parameter (Systems
 * Manager user guide, "Prerequisites for sharing parameters").
 * @throws MalformedArnException, UnknownResourceException, InvalidParameterException
 */
export function requireShareable({ aws, account, region }: Call, arn: string): void {
  const parsed = ARN.exec(arn);
  if (!parsed) throw new AwsError("MalformedArnException", `The specified resource ARN ${arn} is not valid.`);
  const [, , where, owner, rest = ""] = parsed;
  if (typeOf(arn) === SUBNET_TYPE) {
    const subnet = networkOf(aws, { account, region }).subnets.get(rest.slice("subnet/".length));
    if (where !== region || owner !== account || !subnet) {
      throw new AwsError("UnknownResourceException", `Resource ${arn} could not be found.`);
    }
    // AWS's message is not known.
    if (subnet.isDefault) throw invalidParameter(`${arn} is a default subnet.`);
    return;
  }
  if (typeOf(arn) !== PARAMETER_TYPE) {
    const built = [PARAMETER_TYPE, SUBNET_TYPE].join(" and ");
    throw new AwsError("NotImplemented", `ram: ${arn}: only ${built} can be shared in the embedded AWS`);
  }
  const { name, selector } = parseReference(arn);
  const { parameters } = aws.state(ssmState, account, region);
  // A parameter's ARN has a slash that its name may not have.
  const parameter = parameters.get(name) ?? parameters.get(name.slice(1));
  if (where !== region || owner !== account || selector || !parameter) {
    throw new AwsError("UnknownResourceException", `Resource ${arn} could not be found.`);
  }
  const { tier, type, keyId } = latest(parameter);
  // AWS's messages for these two are not known.
  if (tier !== "Advanced") {
    throw invalidParameter(
      `Parameter ${arn} is in the ${tier} tier: only parameters in the advanced tier can be shared.`,
    );
  }
  if (type === "SecureString" && keyId?.endsWith("alias/aws/ssm")) {
    throw invalidParameter(
      `Parameter ${arn} is encrypted with an AWS managed key: only a customer managed key can be shared with it.`,
    );
  }
}

export const PARAMETER_TYPE = "ssm:Parameter";

/** Only shareable within the owner's organization. */
const SUBNET_TYPE = "ec2:Subnet";

interface ManagedPermission {
  readonly type: string;
  readonly actions: readonly string[];
}

const READ = ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"];
const arnOf = (name: string): string => `arn:aws:ram::aws:permission/${name}`;

/**
 * What consumers of a shared parameter may do (Systems Manager user guide, "Permissions sets for sharing parameters").
 */
const PERMISSIONS: Readonly<Record<string, ManagedPermission>> = {
  [arnOf("AWSRAMDefaultPermissionSSMParameterReadOnly")]: { type: PARAMETER_TYPE, actions: READ },
  [arnOf("AWSRAMPermissionSSMParameterReadOnlyWithHistory")]: {
    type: PARAMETER_TYPE,
    actions: [...READ, "ssm:GetParameterHistory"],
  },
  [arnOf("AWSRAMDefaultPermissionSubnet")]: {
    type: SUBNET_TYPE,
    actions: ["ec2:CreateNetworkInterface", "ec2:DescribeSubnets", "ec2:RunInstances"],
  },
};

const DEFAULTS: Readonly<Record<string, string>> = {
  [PARAMETER_TYPE]: arnOf("AWSRAMDefaultPermissionSSMParameterReadOnly"),
  [SUBNET_TYPE]: arnOf("AWSRAMDefaultPermissionSubnet"),
};

/** Actions that a share grants on its resources of one type. */
export const grantedActions = (permissions: ReadonlyMap<string, string>, type: string): readonly string[] =>
  PERMISSIONS[permissions.get(type) ?? DEFAULTS[type] ?? ""]?.actions ?? [];

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
      throw invalidParameter(
        `You can associate only one permission with each resource type: ${permission.type} has more.`,
      );
    }
    chosen.set(permission.type, arn);
  }
  return chosen;
}
