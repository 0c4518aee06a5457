import type {
  DeleteSnapshotReturnCode,
  DeregisterImageCommandInput,
  DeregisterImageCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { type Call, operation } from "../../operation.ts";
import { authorizeImage, authorizeResource } from "./authorization.ts";
import { deleteOwnSnapshot, imagesUsing } from "./delete-snapshot.ts";
import { findImage, requireOwnImage } from "./find-image.ts";
import { publishImageState } from "./image-state-change.ts";
import { ec2State, type Image } from "./state.ts";

export const deregisterImage = operation<DeregisterImageCommandInput, Omit<DeregisterImageCommandOutput, "$metadata">>({
  authorize(input, call) {
    const image = input.DeleteAssociatedSnapshots ? findImage(call.aws, call.region, input.ImageId ?? "") : undefined;
    return [
      authorizeImage(call, input.ImageId),
      ...(image?.devices ?? []).map((device) => ({
        action: "ec2:DeleteSnapshot",
        ...authorizeResource(call, "snapshot", device.snapshotId),
      })),
    ];
  },
  run(input, call) {
    const image = requireOwnImage(call, input.ImageId);
    requireUnprotected(image, call.aws.clock.now());
    const state = call.aws.state(ec2State, call.account, call.region);
    state.images.delete(image.id);
    state.tags.delete(image.id);
    publishImageState(call.aws, image, "deregistered");
    return {
      Return: true,
      ...(input.DeleteAssociatedSnapshots && {
        DeleteSnapshotResults: image.devices.map((device) => deleteAssociated(call, device.snapshotId)),
      }),
    };
  },
});

function requireUnprotected(image: Image, now: number): void {
  if (image.protection === "disabled" && (image.cooldownUntil ?? 0) <= now) return;
  throw new AwsError(
    "OperationNotPermitted",
    `The image ${image.id} can't be deregistered because deregistration protection is enabled or in its cooldown period.`,
    { status: 400 },
  );
}

/** A snapshot that another image stands on stays. */
function deleteAssociated(call: Call, snapshotId: string): DeleteSnapshotReturnCode {
  const state = call.aws.state(ec2State, call.account, call.region);
  if (!state.snapshots.has(snapshotId)) return { SnapshotId: snapshotId, ReturnCode: "client-error" };
  if (imagesUsing(call, snapshotId).length > 0) return { SnapshotId: snapshotId, ReturnCode: "skipped" };
  deleteOwnSnapshot(call, snapshotId);
  return { SnapshotId: snapshotId, ReturnCode: "success" };
}
