import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, Operations } from "../../../engine/operation.ts";
import { requireFreeName } from "../add-image.ts";
import { authorizeImage, authorizeResource } from "../authorization.ts";
import { imagesNotFound, requireId, snapshotNotFound } from "../refusals.ts";
import { ec2State, type Image } from "../state.ts";
import { binOf, unmark } from "./bin.ts";

/** An image's snapshots come back before it (EBS user guide, "Considerations"). The refusal is not documented. */
function requireSnapshots(call: Call, { id, devices }: Image): void {
  const { snapshots } = call.aws.state(ec2State, call.account, call.region);
  const binned = binOf(call.aws, call).snapshots;
  for (const { snapshotId } of devices) {
    if (snapshots.has(snapshotId)) continue;
    const why = binned.has(snapshotId) ? "is in the Recycle Bin: restore it first" : "does not exist";
    throw new AwsError(
      "InvalidSnapshot.NotFound",
      `The image '${id}' can't be restored because its snapshot '${snapshotId}' ${why}.`,
      { status: 400 },
    );
  }
}

export const operations = {
  /**
   * The image comes back as it was, disabled where it was disabled, with its tags and whom it was shared with. No event
   * tells of it (EC2 user guide, "Monitor AMI events using Amazon EventBridge").
   */
  RestoreImageFromRecycleBin: {
    authorize: ({ ImageId }, call) => [authorizeImage(call, ImageId)],
    run(input, call) {
      const id = requireId(input.ImageId, "ami-", "InvalidAMIID.Malformed");
      const { images } = binOf(call.aws, call);
      const image = images.get(id)?.resource;
      if (!image) throw imagesNotFound([id]);
      requireSnapshots(call, image);
      requireFreeName(call.aws, call, image.name);
      images.delete(id);
      unmark(call.aws, call, id);
      call.aws.state(ec2State, call.account, call.region).images.set(id, image);
      return { Return: true };
    },
  },
  RestoreSnapshotFromRecycleBin: {
    authorize: ({ SnapshotId }, call) => [authorizeResource(call, "snapshot", SnapshotId)],
    run(input, call) {
      const id = requireId(input.SnapshotId, "snap-", "InvalidSnapshotID.Malformed");
      const { snapshots } = binOf(call.aws, call);
      const snapshot = snapshots.get(id)?.resource;
      if (!snapshot) throw snapshotNotFound(id);
      snapshots.delete(id);
      unmark(call.aws, call, id);
      call.aws.state(ec2State, call.account, call.region).snapshots.set(id, snapshot);
      return {
        SnapshotId: id,
        Description: snapshot.description,
        Encrypted: snapshot.encrypted,
        OwnerId: snapshot.owner,
        Progress: "100%",
        StartTime: new Date(snapshot.startedAt),
        State: snapshot.state,
        VolumeId: "vol-ffffffff",
        VolumeSize: snapshot.sizeGiB,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
