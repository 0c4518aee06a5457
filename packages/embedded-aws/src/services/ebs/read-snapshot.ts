import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ebs";
import type { Call, Operations } from "../../engine/operation.ts";
import { authorizeResource } from "../ec2/authorization.ts";
import { findSnapshot } from "../ec2/find-image.ts";
import type { Snapshot } from "../ec2/state.ts";
import { throughKey } from "../kms/find-key.ts";
import { BLOCK_BYTES, blockIndexes, blockOf, invalid, requireSnapshot } from "./blocks.ts";

/** Block tokens expire after a week, as the EBS direct APIs reference shows. */
const TOKEN_MS = 7 * 86_400_000;

interface Asked {
  readonly SnapshotId: string | undefined;
}

/** Reading requires the key that encrypts the snapshot (EBS user guide, "Permissions to use AWS KMS keys"). */
const reading = ({ SnapshotId }: Asked, call: Call) => [
  authorizeResource(call, "snapshot", SnapshotId),
  ...throughKey(call, "ec2", findSnapshot(call.aws, call.region, SnapshotId ?? "")?.kmsKeyArn, ["Decrypt"]),
];

const tokenOf = (snapshot: Snapshot, index: number): string =>
  createHash("sha256").update(`${snapshot.id}#${index}`).digest("base64");

export const operations = {
  ListSnapshotBlocks: {
    list: "Blocks",
    authorize: reading,
    run(input, call) {
      const snapshot = requireCompleted(call, input.SnapshotId);
      const from = input.StartingBlockIndex ?? 0;
      const indexes = blockIndexes(call.aws, snapshot).filter((index) => index >= from);
      return {
        Blocks: indexes.map((index) => ({ BlockIndex: index, BlockToken: tokenOf(snapshot, index) })),
        ExpiryTime: new Date(call.aws.clock.now() + TOKEN_MS),
        VolumeSize: snapshot.sizeGiB,
        BlockSize: BLOCK_BYTES,
      };
    },
  },
  GetSnapshotBlock: {
    authorize: reading,
    run(input, call) {
      const snapshot = requireCompleted(call, input.SnapshotId);
      const index = input.BlockIndex ?? -1;
      const block = blockOf(call.aws, snapshot, index);
      if (!block || input.BlockToken !== tokenOf(snapshot, index)) {
        throw invalid("INVALID_BLOCK_TOKEN", "The block token is invalid.");
      }
      return {
        BlockData: block,
        DataLength: block.length,
        Checksum: createHash("sha256").update(block).digest("base64"),
        ChecksumAlgorithm: "SHA256",
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireCompleted(call: Call, id: string | undefined): Snapshot {
  const snapshot = requireSnapshot(call, id);
  if (snapshot.state === "completed") return snapshot;
  throw invalid("INVALID_SNAPSHOT_ID", `The snapshot '${id}' is not completed.`);
}
