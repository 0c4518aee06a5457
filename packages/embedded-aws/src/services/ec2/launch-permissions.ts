import type {
  LaunchPermission as LaunchPermissionInput,
  ModifyImageAttributeCommandInput,
  PermissionGroup,
} from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { findKey } from "../kms/find-key.ts";
import { organizationsOf } from "../organizations/state.ts";
import { findSnapshot, isPublic, permissionKey } from "./find-image.ts";
import { imageUnavailable, invalidCombination, invalidParameter, notPermitted } from "./refusals.ts";
import { ec2State, type Image, type LaunchPermission } from "./state.ts";

/** EC2's format for each kind. ARNs of organizations and OUs contain the management account. */
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

const invalidItem = (kind: LaunchPermission["kind"], value: string): AwsError =>
  new AwsError("InvalidAMIAttributeItemValue", `Invalid attribute item value "${value}" for ${kind} item type.`);

const fromInput = (permissions: readonly LaunchPermissionInput[] | undefined): LaunchPermission[] =>
  (permissions ?? []).flatMap((one) => [
    ...(one.UserId ? [toPermission("UserId", one.UserId)] : []),
    ...(one.Group ? [toPermission("UserGroup", one.Group)] : []),
    ...(one.OrganizationArn ? [toPermission("OrganizationArn", one.OrganizationArn)] : []),
    ...(one.OrganizationalUnitArn ? [toPermission("OrganizationalUnitArn", one.OrganizationalUnitArn)] : []),
  ]);

export const toOutput = ({ kind, value }: LaunchPermission): LaunchPermissionInput =>
  kind === "UserGroup" ? { Group: value as PermissionGroup } : { [kind]: value };

interface PermissionChange {
  readonly add: readonly LaunchPermission[];
  readonly remove: readonly LaunchPermission[];
}

/**
 * The launch permissions that a request adds and removes, in either form that EC2 accepts: `LaunchPermission`, or
 * `OperationType` with lists. Undefined if the request has neither.
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
    throw invalidCombination("The parameter operationType must be specified: add or remove");
  }
  return input.OperationType === "add" ? { add: listed, remove: [] } : { add: [], remove: listed };
}

/** Accounts, OUs and organizations that an image can be shared with in its region (EC2 user guide, "AMI quotas"). */
const MOST_SHARES = 1000;
/** Ids in one request (EC2 API reference, LaunchPermission). */
const MOST_IDS = 10_000;

/**
 * Checks the request's values before anything else. AWS documents neither the error code for too many ids nor whether
 * EC2 checks that an ARN exists: here it does, because such a share would have no effect.
 * @throws InvalidParameterValue, InvalidAMIAttributeItemValue
 */
function requireNameable(aws: EmbeddedAws, { add, remove }: PermissionChange): void {
  const named = add.length + remove.length;
  if (named > MOST_IDS) {
    throw invalidParameter(`${named} launch permissions in one request; at most ${MOST_IDS} can be changed.`);
  }
  for (const { kind, value } of add) {
    const known = organizationsOf(aws).some(
      ({ arn, units }) =>
        (kind === "OrganizationArn" && arn === value) ||
        // The root is not an OU.
        (kind === "OrganizationalUnitArn" && units.get(value.slice(value.lastIndexOf("/") + 1))?.arn === value),
    );
    if (kind.startsWith("Organization") && !known) throw invalidItem(kind, value);
  }
}

/**
 * The code is that of EC2's other AMI quota, for public images; the one for this quota is not known.
 * @throws ResourceLimitExceeded
 */
function requireWithinQuota(image: string, shares: number): void {
  if (shares <= MOST_SHARES) return;
  throw new AwsError(
    "ResourceLimitExceeded",
    `Image ${image} can be shared with at most ${MOST_SHARES} entities; ${shares} were asked for`,
  );
}

/**
 * Changes an image's launch permissions, completely or not at all.
 * @throws InvalidParameter, OperationNotPermitted, ResourceLimitExceeded, InvalidAMIID.Unavailable, and the errors of
 *   `requireNameable`
 */
export function changeLaunchPermissions(aws: EmbeddedAws, image: Image, change: PermissionChange): void {
  requireNameable(aws, change);
  const after = new Map(image.permissions);
  for (const permission of change.remove) after.delete(keyOf(permission));
  for (const permission of change.add) after.set(keyOf(permission), permission);
  if (change.add.length > 0) requireShareable(aws, image);
  const publishes = change.add.some(({ kind }) => kind === "UserGroup");
  if (publishes && !isPublic(image)) requirePublishable(aws, image);
  requireWithinQuota(image.id, after.size);
  image.permissions.clear();
  for (const [key, permission] of after) image.permissions.set(key, permission);
}

function requireShareable(aws: EmbeddedAws, image: Image): void {
  if (image.state === "disabled") throw imageUnavailable(image.id);
  for (const { snapshotId } of image.devices) {
    const keyArn = findSnapshot(aws, image.region, snapshotId)?.kmsKeyArn;
    // No other account can ever use an account's aws/ebs key, so AWS refuses at once.
    if (keyArn && findKey(aws, { account: image.owner, region: image.region }, keyArn)?.manager === "AWS") {
      throw new AwsError(
        "InvalidParameter",
        "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
      );
    }
  }
}

function requirePublishable(aws: EmbeddedAws, image: Image): void {
  if (aws.state(ec2State, image.owner, image.region).blockPublicImages !== "unblocked") {
    throw notPermitted(
      "You can't publicly share this image because block public access for AMIs is enabled for this account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.",
    );
  }
  if (image.watermarks.size > 0) {
    // EC2 user guide, "AMI watermarks": only private images can have them. The code is not documented.
    throw notPermitted(`Image ${image.id} has watermarks, so it can't be made public. Detach them first.`);
  }
  if (image.devices.some((device) => device.encrypted)) {
    throw new AwsError("InvalidParameter", `Image ${image.id} has encrypted snapshots, so it can't be made public.`);
  }
}
