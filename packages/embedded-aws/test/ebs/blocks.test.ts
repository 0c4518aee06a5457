import { createHash } from "node:crypto";
import type {
  GetSnapshotBlockCommandOutput,
  ListSnapshotBlocksCommandOutput,
  StartSnapshotCommandOutput,
} from "@aws-sdk/client-ebs";
import type { DescribeSnapshotsCommandOutput } from "@aws-sdk/client-ec2";
import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
import { anAws, FACTORY, REGION } from "../ec2/an-aws.ts";
import { refusalOf } from "../expect-refusal.ts";

async function withSnapshot() {
  const world = anAws();
  const { KeyMetadata } = await world.by("kms")<CreateKeyCommandOutput>("CreateKey");
  const place = { account: FACTORY, region: REGION };
  const from = addSnapshot(world.aws, place, { sizeGiB: 8, kmsKeyArn: KeyMetadata?.Arn, description: "root" });
  const ebs = world.by("ebs");
  const { Blocks = [] } = await ebs<ListSnapshotBlocksCommandOutput>("ListSnapshotBlocks", { SnapshotId: from });
  const read = async (SnapshotId: string, block: object) =>
    await ebs<GetSnapshotBlockCommandOutput>("GetSnapshotBlock", { SnapshotId, ...block });
  const { SnapshotId: to = "" } = await ebs<StartSnapshotCommandOutput>("StartSnapshot", { VolumeSize: 8 });
  const write = async (block: object) => {
    const { BlockData, DataLength, Checksum, ChecksumAlgorithm } = await read(from, block);
    const { BlockIndex } = block as { BlockIndex: number };
    const put = { SnapshotId: to, BlockIndex, BlockData, DataLength, Checksum, ChecksumAlgorithm };
    await ebs("PutSnapshotBlock", put);
    return put;
  };
  return { ...world, ebs, from, to, Blocks, read, write };
}

test("An encrypted snapshot's blocks, put into another, make one with the same disk that is not encrypted", async () => {
  const { by, clock, ebs, from, to, Blocks, read, write } = await withSnapshot();

  for (const block of Blocks) await write(block);
  await ebs("CompleteSnapshot", { SnapshotId: to, ChangedBlocksCount: Blocks.length });
  await clock.runUntil(clock.now() + 60_000);

  const copied = await ebs<ListSnapshotBlocksCommandOutput>("ListSnapshotBlocks", { SnapshotId: to });
  const described = await by("ec2")<DescribeSnapshotsCommandOutput>("DescribeSnapshots", { SnapshotIds: [to] });
  expect(Blocks.length).toBeGreaterThan(2);
  expect(copied.Blocks?.map(({ BlockIndex }) => BlockIndex)).toEqual(Blocks.map(({ BlockIndex }) => BlockIndex));
  for (const [at, block] of (copied.Blocks ?? []).entries()) {
    expect((await read(to, block)).Checksum).toBe((await read(from, Blocks[at] ?? {})).Checksum);
  }
  expect(described.Snapshots?.[0]).toMatchObject({ State: "completed", Encrypted: false, VolumeSize: 8 });
});

test("What is read has its checksum; it continues at a block's index", async () => {
  const { ebs, from, Blocks, read } = await withSnapshot();
  const second = Blocks[1] ?? {};

  const { BlockData, Checksum } = await read(from, second);
  const rest = await ebs<ListSnapshotBlocksCommandOutput>("ListSnapshotBlocks", {
    SnapshotId: from,
    StartingBlockIndex: second.BlockIndex,
  });

  const bytes = BlockData as unknown as Uint8Array;
  expect(createHash("sha256").update(bytes).digest("base64")).toBe(Checksum);
  expect(rest.Blocks).toEqual(Blocks.slice(1));
});

test("Wrong tokens, checksums, counts and states are refused with a reason; nothing is written after the seal", async () => {
  const { ebs, by, from, to, Blocks, read, write } = await withSnapshot();
  const put = await write(Blocks[0] ?? {});

  const refusals = [
    await refusalOf(read(from, { BlockIndex: 0, BlockToken: "none" })),
    await refusalOf(read("snap-0123456789abcdef0", Blocks[0] ?? {})),
    await refusalOf(ebs("PutSnapshotBlock", { ...put, Checksum: Buffer.alloc(32).toString("base64") })),
    await refusalOf(ebs("PutSnapshotBlock", { ...put, SnapshotId: from })),
    await refusalOf(ebs("CompleteSnapshot", { SnapshotId: to, ChangedBlocksCount: 2 })),
    await refusalOf(ebs("ListSnapshotBlocks", { SnapshotId: to })),
    await refusalOf(
      by("ec2")("RegisterImage", {
        Name: "exported",
        RootDeviceName: "/dev/xvda",
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: to } }],
      }),
    ),
  ];
  await ebs("CompleteSnapshot", { SnapshotId: to, ChangedBlocksCount: 1 });
  refusals.push(await refusalOf(ebs("PutSnapshotBlock", put)));

  expect(refusals.map((one) => (one as { members?: { Reason?: string } }).members?.Reason ?? one.code)).toEqual([
    "INVALID_BLOCK_TOKEN",
    "SNAPSHOT_NOT_FOUND",
    "INVALID_BLOCK",
    "INVALID_SNAPSHOT_ID",
    "INVALID_PARAMETER_VALUE",
    "INVALID_SNAPSHOT_ID",
    "IncorrectState",
    "INVALID_SNAPSHOT_ID",
  ]);
});

test("A start that is asked for twice with one token is one snapshot; with other parameters it is refused", async () => {
  const { ebs } = await withSnapshot();
  const asked = { VolumeSize: 8, ClientToken: "once", Tags: [{ Key: "amint:factory", Value: "golden" }] };

  const first = await ebs<StartSnapshotCommandOutput>("StartSnapshot", asked);
  const second = await ebs<StartSnapshotCommandOutput>("StartSnapshot", asked);
  const other = await refusalOf(ebs("StartSnapshot", { ...asked, VolumeSize: 9 }));

  expect(second.SnapshotId).toBe(first.SnapshotId);
  expect(first.Tags).toEqual(asked.Tags);
  expect(other).toMatchObject({ code: "ConflictException" });
});
