import type * as Sdk from "@aws-sdk/client-ec2";
import type { DeleteSnapshotReturnCode } from "@aws-sdk/client-ec2";
import { authorize } from "../../engine/authorizer.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { snapshotOutage } from "../../faults/interference.ts";
import { authorizeImage, authorizeResource } from "./authorization.ts";
import { imagesUsing } from "./delete-snapshot.ts";
import { requireOwnImage } from "./find-image.ts";
import { publishImageState } from "./image-state-change.ts";
import { removeImage, removeSnapshot } from "./recycle-bin/bin.ts";
import { ec2State, type Image } from "./state.ts";

export const operations = {
  DeregisterImage: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      requireUnprotected(image, call.aws.clock.now());
      removeImage(call.aws, image);
      publishImageState(call.aws, image, "deregistered");
      return {
        Return: true,
        ...(input.DeleteAssociatedSnapshots && {
          DeleteSnapshotResults: image.devices.map((device) => deleteAssociated(call, device.snapshotId)),
        }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireUnprotected(image: Image, now: number): void {
  if (image.protection === "disabled" && (image.cooldownUntil ?? 0) <= now) return;
  throw new AwsError(
    "OperationNotPermitted",
    `The image ${image.id} can't be deregistered because deregistration protection is enabled or in its cooldown period.`,
    { status: 400 },
  );
}

/**
 * What became of one snapshot; the image is gone whatever it is (EC2 API reference, DeleteSnapshotReturnCode). One that
 * another image stands on stays.
 */
function deleteAssociated(call: Call, SnapshotId: string): DeleteSnapshotReturnCode {
  const snapshot = call.aws.state(ec2State, call.account, call.region).snapshots.get(SnapshotId);
  if (!snapshot) return { SnapshotId, ReturnCode: "client-error" };
  if (imagesUsing(call, SnapshotId).length > 0) return { SnapshotId, ReturnCode: "skipped" };
  if (!mayDelete(call, SnapshotId)) return { SnapshotId, ReturnCode: "missing-permissions" };
  if (snapshotOutage(call)) return { SnapshotId, ReturnCode: "internal-error" };
  removeSnapshot(call.aws, snapshot);
  return { SnapshotId, ReturnCode: "success" };
}

function mayDelete(call: Call, snapshotId: string): boolean {
  try {
    authorize(call, { action: "ec2:DeleteSnapshot", ...authorizeResource(call, "snapshot", snapshotId) });
    return true;
  } catch (refusal) {
    if (refusal instanceof AwsError) return false;
    throw refusal;
  }
}
