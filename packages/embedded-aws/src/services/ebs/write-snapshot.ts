import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ebs";
import { afterWork } from "../../engine/clock/clock.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { addSnapshot } from "../ec2/add-snapshot.ts";
import { authorizeResource, ec2Arn } from "../ec2/authorization.ts";
import { addTags, fromTags, tagsOf, toTags } from "../ec2/resource-tags.ts";
import { ec2State, type Snapshot } from "../ec2/state.ts";
import { keyArnOf } from "../kms/find-key.ts";
import { requestTagContext } from "../tag-context.ts";
import { BLOCK_BYTES, ebsState, invalid, requireSnapshot } from "./blocks.ts";

const LARGEST_GIB = 16_384;
/** Duration until a sealed snapshot is completed; not documented. */
const COMPLETES_MS = 30_000;

const started = (snapshot: Snapshot, call: Call) => ({
  SnapshotId: snapshot.id,
  OwnerId: snapshot.owner,
  Description: snapshot.description,
  Status: snapshot.state,
  StartTime: new Date(snapshot.startedAt),
  VolumeSize: snapshot.sizeGiB,
  BlockSize: BLOCK_BYTES,
  ...(snapshot.kmsKeyArn !== undefined && { KmsKeyArn: snapshot.kmsKeyArn }),
  Tags: toTags(tagsOf(call.aws, call, snapshot.id)),
});

export const operations = {
  StartSnapshot: {
    authorize: (input, call) => [
      {
        resources: [ec2Arn(call, "snapshot", "*")],
        context: { ...requestTagContext(fromTags(input.Tags)), "ebs:VolumeSize": String(input.VolumeSize) },
      },
      // Tags at creation require permission to tag (EBS user guide, "Permissions to write to snapshots").
      ...(input.Tags?.length
        ? [
            {
              action: "ec2:CreateTags",
              resources: [ec2Arn(call, "snapshot", "*")],
              context: { ...requestTagContext(fromTags(input.Tags)), "ec2:CreateAction": "StartSnapshot" },
            },
          ]
        : []),
    ],
    run(input, call) {
      const { aws, account, region } = call;
      if (input.ParentSnapshotId || input.Encrypted || input.KmsKeyArn) {
        throw new AwsError(
          "NotImplemented",
          "ebs:StartSnapshot is built only for new snapshots that are not encrypted",
        );
      }
      const sizeGiB = input.VolumeSize ?? 0;
      if (sizeGiB > LARGEST_GIB) {
        throw invalid("INVALID_VOLUME_SIZE", `The volume size must be between 1 and ${LARGEST_GIB} GiB.`);
      }
      const { tokens, written } = aws.state(ebsState, account, region);
      const { ClientToken, ...asked } = input;
      const before = ClientToken === undefined ? undefined : tokens.get(ClientToken);
      if (before && before.asked !== JSON.stringify(asked)) {
        throw new AwsError("ConflictException", "The client token was used with other parameters.");
      }
      const { snapshots, encryptsByDefault } = aws.state(ec2State, account, region);
      const known = before && snapshots.get(before.snapshotId);
      if (known) return started(known, call);
      // EBS user guide, "Encryption outcomes for EBS direct APIs", no parent snapshot.
      const kmsKeyArn = encryptsByDefault ? keyArnOf(aws, account, region, "alias/aws/ebs") : undefined;
      const id = addSnapshot(aws, call, { sizeGiB, kmsKeyArn, description: input.Description ?? "" });
      const snapshot = snapshots.get(id);
      if (!snapshot) throw new Error(`${id} does not exist although it was just created`);
      snapshot.state = "pending";
      written.set(id, { blocks: new Map(), sealed: false });
      if (ClientToken !== undefined) tokens.set(ClientToken, { asked: JSON.stringify(asked), snapshotId: id });
      addTags(aws, call, id, fromTags(input.Tags));
      return started(snapshot, call);
    },
  },
  PutSnapshotBlock: {
    authorize: ({ SnapshotId }, call) => [authorizeResource(call, "snapshot", SnapshotId)],
    run(input, call) {
      const { snapshot, blocks } = requireOpen(call, input.SnapshotId);
      const { BlockIndex: index = 0 } = input;
      const data = input.BlockData as Uint8Array;
      if (index >= (snapshot.sizeGiB * 2 ** 30) / BLOCK_BYTES) {
        throw invalid("INVALID_BLOCK", "The block index is beyond the end of the volume.");
      }
      const checksum = createHash("sha256").update(data).digest("base64");
      if (data.length !== BLOCK_BYTES || input.DataLength !== data.length || checksum !== input.Checksum) {
        throw invalid("INVALID_BLOCK", "The block's data does not have the length and checksum that were given.");
      }
      blocks.set(index, Uint8Array.from(data));
      return { Checksum: checksum, ChecksumAlgorithm: "SHA256" };
    },
  },
  CompleteSnapshot: {
    authorize: ({ SnapshotId }, call) => [authorizeResource(call, "snapshot", SnapshotId)],
    run(input, call) {
      const { aws, account, region } = call;
      const own = requireSnapshot(call, input.SnapshotId);
      const written = aws.state(ebsState, account, region).written.get(own.id);
      if (written?.sealed) return { Status: own.state };
      const { snapshot, blocks } = requireOpen(call, input.SnapshotId);
      if (input.ChangedBlocksCount !== blocks.size) {
        const message = `The number of changed blocks is ${blocks.size}, not ${input.ChangedBlocksCount}.`;
        throw invalid("INVALID_PARAMETER_VALUE", message);
      }
      if (written) written.sealed = true;
      snapshot.fullSizeBytes = blocks.size * BLOCK_BYTES;
      afterWork(aws.clock, COMPLETES_MS, () => {
        snapshot.state = "completed";
      });
      return { Status: "pending" };
    },
  },
} satisfies Operations<typeof Sdk>;

/** A snapshot that was started here and is still open for writes. */
function requireOpen(call: Call, id: string | undefined) {
  const snapshot = requireSnapshot(call, id);
  const written = call.aws.state(ebsState, call.account, call.region).written.get(snapshot.id);
  if (written && !written.sealed) return { snapshot, blocks: written.blocks };
  throw invalid("INVALID_SNAPSHOT_ID", `The snapshot '${id}' cannot be written to.`);
}
