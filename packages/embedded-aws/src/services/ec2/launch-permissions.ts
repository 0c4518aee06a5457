import type {
  LaunchPermission as LaunchPermissionInput,
  ModifyImageAttributeCommandInput,
  PermissionGroup,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { LaunchPermission } from "./state.ts";
import { permissionKey } from "./viewer.ts";

/** What EC2 accepts of each kind. An organization's ARN names its management account; a unit's too. */
const valid: Readonly<Record<LaunchPermission["kind"], RegExp>> = {
  UserId: /^\d{12}$/,
  UserGroup: /^all$/,
  OrganizationArn: /^arn:[^:]+:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/,
  OrganizationalUnitArn: /^arn:[^:]+:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/,
};

export const keyOf = ({ kind, value }: LaunchPermission): string => permissionKey(kind, value);

/** @throws InvalidAMIAttributeItemValue */
function toPermission(kind: LaunchPermission["kind"], value: string): LaunchPermission {
  if (valid[kind].test(value)) return { kind, value };
  throw invalidItem(kind, value);
}

export const invalidItem = (kind: LaunchPermission["kind"], value: string): AwsError =>
  new AwsError("InvalidAMIAttributeItemValue", `Invalid attribute item value "${value}" for ${kind} item type.`, {
    status: 400,
  });

const fromInput = (permissions: readonly LaunchPermissionInput[] | undefined): LaunchPermission[] =>
  (permissions ?? []).flatMap((one) => [
    ...(one.UserId ? [toPermission("UserId", one.UserId)] : []),
    ...(one.Group ? [toPermission("UserGroup", one.Group)] : []),
    ...(one.OrganizationArn ? [toPermission("OrganizationArn", one.OrganizationArn)] : []),
    ...(one.OrganizationalUnitArn ? [toPermission("OrganizationalUnitArn", one.OrganizationalUnitArn)] : []),
  ]);

export const toOutput = ({ kind, value }: LaunchPermission): LaunchPermissionInput =>
  kind === "UserGroup" ? { Group: value as PermissionGroup } : { [kind]: value };

export interface PermissionChange {
  readonly add: readonly LaunchPermission[];
  readonly remove: readonly LaunchPermission[];
}

/**
 * The launch permissions that a request adds and removes, in either form that EC2 takes: `LaunchPermission`, or
 * `OperationType` with lists. Undefined where it speaks of none.
 */
export function toPermissionChange(input: ModifyImageAttributeCommandInput): PermissionChange | undefined {
  if (input.LaunchPermission) {
    return { add: fromInput(input.LaunchPermission.Add), remove: fromInput(input.LaunchPermission.Remove) };
  }
  const listed = [
    ...(input.UserIds ?? []).map((value) => toPermission("UserId", value)),
    ...(input.UserGroups ?? []).map((value) => toPermission("UserGroup", value)),
    ...(input.OrganizationArns ?? []).map((value) => toPermission("OrganizationArn", value)),
    ...(input.OrganizationalUnitArns ?? []).map((value) => toPermission("OrganizationalUnitArn", value)),
  ];
  if (input.Attribute !== "launchPermission" && listed.length === 0) return undefined;
  if (input.OperationType !== "add" && input.OperationType !== "remove") {
    throw new AwsError("InvalidParameterCombination", "The parameter operationType must be specified: add or remove", {
      status: 400,
    });
  }
  return input.OperationType === "add" ? { add: listed, remove: [] } : { add: [], remove: listed };
}
