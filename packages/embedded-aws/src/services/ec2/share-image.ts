import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { findKey } from "../kms/find-key.ts";
import { findSnapshot } from "./find-snapshot.ts";
import { keyOf, type PermissionChange } from "./launch-permissions.ts";
import { imageUnavailable } from "./refusals.ts";
import { requireNameable, requireWithinQuota } from "./share-limits.ts";
import { ec2State, type Image } from "./state.ts";
import { isPublic } from "./viewer.ts";

/**
 * Changes who may launch an image, wholly or not at all.
 * @throws InvalidParameter, OperationNotPermitted, ResourceLimitExceeded, InvalidAMIID.Unavailable, and what
 *   is said of `requireNameable`
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
    // Nobody outside the account can ever use its aws/ebs key, so AWS refuses at once.
    if (keyArn && findKey(aws, { account: image.owner, region: image.region }, keyArn)?.manager === "AWS") {
      throw new AwsError(
        "InvalidParameter",
        "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
        { status: 400 },
      );
    }
  }
}

function requirePublishable(aws: EmbeddedAws, image: Image): void {
  if (aws.state(ec2State, image.owner, image.region).blockPublicImages !== "unblocked") {
    throw new AwsError(
      "OperationNotPermitted",
      "You can't publicly share this image because block public access for AMIs is enabled for this account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.",
      { status: 400 },
    );
  }
  if (image.watermarks.size > 0) {
    // EC2 user guide, "AMI watermarks": they are of private images only. The code is not documented.
    throw new AwsError(
      "OperationNotPermitted",
      `Image ${image.id} has watermarks, so it can't be made public. Detach them first.`,
      { status: 400 },
    );
  }
  if (image.devices.some((device) => device.encrypted)) {
    throw new AwsError("InvalidParameter", `Image ${image.id} has encrypted snapshots, so it can't be made public.`, {
      status: 400,
    });
  }
}
