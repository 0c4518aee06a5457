import type * as Sdk from "@aws-sdk/client-ec2";
import { authorize } from "../../engine/authorizer.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { snapshotOutage } from "../../faults/interference.ts";
import { publishImageState } from "./add-image.ts";
import { authorizeImage, authorizeResource } from "./authorization.ts";
import { isPublic, requireOwnImage } from "./find-image.ts";
import { removeImage, removeSnapshot } from "./recycle-bin.ts";
import { imageUnavailable, invalidParameter, notPermitted } from "./refusals.ts";
import { imagesUsing } from "./snapshots.ts";
import { ec2State, type Image } from "./state.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const TEN_YEARS = 3652 * DAY;
const TWO_YEARS = 730 * DAY;

export const operations = {
  /** Removes the launch permissions permanently: EnableImage only restores the state. */
  DisableImage: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.state !== "available" && image.state !== "disabled") throw imageUnavailable(image.id);
      if (image.state === "available") publishImageState(call.aws, image, "disabled");
      image.state = "disabled";
      image.permissions.clear();
      return { Return: true };
    },
  },
  EnableImage: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.state === "disabled") {
        image.state = "available";
        publishImageState(call.aws, image, "available");
      }
      return { Return: true };
    },
  },
  /**
   * Truncated to the minute; at most in 10 years, for a public image 2 years after its creation (EC2 API reference,
   * EnableImageDeprecation).
   */
  EnableImageDeprecation: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      const { DeprecateAt: asked = new Date(0) } = input;
      const now = call.aws.clock.now();
      const at = Math.round(asked.getTime() / MINUTE) * MINUTE;
      // Dates have minute precision: the current minute is not in the past, so an image can be deprecated at once.
      const latest = isPublic(image) ? image.createdAt + TWO_YEARS : now + TEN_YEARS;
      if (at < Math.floor(now / MINUTE) * MINUTE || at > latest) {
        throw invalidParameter(
          `The deprecation date ${asked.toISOString()} must not be in the past, and at most ${new Date(latest).toISOString()}.`,
        );
      }
      image.deprecateAt = at;
      return { Return: true };
    },
  },
  DisableImageDeprecation: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      requireOwnImage(call, input.ImageId).deprecateAt = undefined;
      return { Return: true };
    },
  },
  EnableImageDeregistrationProtection: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      image.protection = input.WithCooldown ? "enabled-with-cooldown" : "enabled-without-cooldown";
      return { Return: "true" };
    },
  },
  /** With cooldown, the image stays protected for another 24 hours. */
  DisableImageDeregistrationProtection: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      if (image.protection === "enabled-with-cooldown") image.cooldownUntil = call.aws.clock.now() + DAY;
      image.protection = "disabled";
      return { Return: "true" };
    },
  },
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
  throw notPermitted(
    `The image ${image.id} can't be deregistered because deregistration protection is enabled or in its cooldown period.`,
  );
}

/**
 * The result for one snapshot; the image is gone in any case (EC2 API reference, DeleteSnapshotReturnCode). A snapshot
 * that another image uses is kept.
 */
function deleteAssociated(call: Call, SnapshotId: string): Sdk.DeleteSnapshotReturnCode {
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
