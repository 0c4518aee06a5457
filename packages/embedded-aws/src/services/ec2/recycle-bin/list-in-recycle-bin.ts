import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, Operations } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { imagesNotFound, requireId, snapshotNotFound } from "../refusals.ts";
import { type Binned, binOf } from "./bin.ts";

/** In one request (EC2 API reference, ListImagesInRecycleBin). */
const MOST_IMAGES = 20;

const authorize = (call: Call, type: string, ids: readonly string[] | undefined) =>
  ids?.length ? ids.map((id) => authorizeResource(call, type, id)) : [authorizeResource(call, type)];

const times = ({ enteredAt, exitsAt }: Binned<unknown>) => ({
  RecycleBinEnterTime: new Date(enteredAt),
  RecycleBinExitTime: new Date(exitsAt),
});

export const operations = {
  ListImagesInRecycleBin: {
    list: "Images",
    authorize: ({ ImageIds }, call) => authorize(call, "image", ImageIds),
    run(input, call) {
      const { images } = binOf(call.aws, call);
      const ids = (input.ImageIds ?? []).map((id) => requireId(id, "ami-", "InvalidAMIID.Malformed"));
      if (ids.length > MOST_IMAGES) {
        throw new AwsError(
          "InvalidParameterValue",
          `At most ${MOST_IMAGES} image IDs can be listed at once, not ${ids.length}.`,
          { status: 400 },
        );
      }
      const missing = ids.filter((id) => !images.has(id));
      if (missing.length > 0) throw imagesNotFound(missing);
      const asked = [...images.values()].filter(({ resource }) => ids.length === 0 || ids.includes(resource.id));
      return {
        Images: asked.map((binned) => ({
          ImageId: binned.resource.id,
          Name: binned.resource.name,
          ...(binned.resource.description && { Description: binned.resource.description }),
          ...times(binned),
        })),
      };
    },
  },
  ListSnapshotsInRecycleBin: {
    list: "Snapshots",
    authorize: ({ SnapshotIds }, call) => authorize(call, "snapshot", SnapshotIds),
    run(input, call) {
      const { snapshots } = binOf(call.aws, call);
      const ids = (input.SnapshotIds ?? []).map((id) => requireId(id, "snap-", "InvalidSnapshotID.Malformed"));
      for (const id of ids) if (!snapshots.has(id)) throw snapshotNotFound(id);
      const asked = [...snapshots.values()].filter(({ resource }) => ids.length === 0 || ids.includes(resource.id));
      return {
        Snapshots: asked.map((binned) => ({
          SnapshotId: binned.resource.id,
          Description: binned.resource.description,
          // As DescribeSnapshots tells it of snapshots whose volume is gone or was never ours.
          VolumeId: "vol-ffffffff",
          ...times(binned),
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
