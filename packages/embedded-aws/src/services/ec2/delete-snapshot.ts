import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { authorizeResource } from "./authorization.ts";
import { requireOwnSnapshot } from "./find-snapshot.ts";
import { removeSnapshot } from "./recycle-bin/bin.ts";
import { ec2State, type Image } from "./state.ts";

/** The caller's images that stand on a snapshot; also disabled ones. */
export const imagesUsing = ({ aws, account, region }: Call, snapshotId: string): Image[] =>
  [...aws.state(ec2State, account, region).images.values()].filter((image) =>
    image.devices.some((device) => device.snapshotId === snapshotId),
  );

export const operations = {
  DeleteSnapshot: {
    authorize: (input, call) => [authorizeResource(call, "snapshot", input.SnapshotId)],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      const { id } = snapshot;
      const [user] = imagesUsing(call, id);
      if (user) {
        throw new AwsError("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${user.id}`, {
          status: 400,
        });
      }
      removeSnapshot(call.aws, snapshot);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
