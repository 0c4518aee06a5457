import { createHash } from "node:crypto";
import {
  type Block,
  CompleteSnapshotCommand,
  type EBSClient,
  GetSnapshotBlockCommand,
  ListSnapshotBlocksCommand,
  PutSnapshotBlockCommand,
  ResourceNotFoundException,
  StartSnapshotCommand,
  ValidationException,
} from "@aws-sdk/client-ebs";

/** Blocks that are under way at once, and after how many it is said how far it is. 512 KiB each. */
const AT_ONCE = 24;

const SAID_AFTER = 20 * AT_ONCE;

/**
 * An empty snapshot that is not encrypted. VM Import/Export exports no encrypted snapshot ("Considerations for image
 * export"), no copy of one can do without encryption (EBS user guide, "Copy a snapshot"), and what is written block by
 * block is as the account has it by default ("Encryption outcomes for EBS direct APIs").
 * @param token the same one makes no second snapshot
 * @returns its id, and whether the account encrypts it by default all the same: then it is of no use
 */
export async function startDisk(
  client: EBSClient,
  { sizeGiB, token, description, tags }: { sizeGiB: number; token: string; description: string; tags: Tags },
): Promise<{ readonly snapshotId: string; readonly encrypted: boolean }> {
  const started = await client.send(
    new StartSnapshotCommand({
      VolumeSize: sizeGiB,
      ClientToken: token,
      Description: description,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return { snapshotId: started.SnapshotId ?? "", encrypted: started.KmsKeyArn !== undefined };
}

export type Tags = Readonly<Record<string, string>>;

interface Progress {
  /** The first block that is not looked at yet. */
  readonly next: number;
  readonly copied: number;
}

/**
 * Copies blocks with data from one snapshot to another until all are there or `isOver` says so. A block that is written
 * twice is the same block.
 */
export async function copyBlocks(
  client: EBSClient,
  { from, to, since, isOver }: { from: string; to: string; since: Progress; isOver: () => boolean },
): Promise<Progress & { readonly done: boolean }> {
  let { next, copied } = since;
  while (!isOver()) {
    const page = await client.send(new ListSnapshotBlocksCommand({ SnapshotId: from, StartingBlockIndex: next }));
    const blocks = page.Blocks ?? [];
    if (blocks.length === 0) return { next, copied, done: page.NextToken === undefined };
    for (let at = 0; at < blocks.length && !isOver(); at += SAID_AFTER) {
      const some = blocks.slice(at, at + SAID_AFTER);
      await inParallel(some, (block) => copyBlock(client, from, to, block));
      copied += some.length;
      next = (some.at(-1)?.BlockIndex ?? next) + 1;
    }
  }
  return { next, copied, done: false };
}

async function inParallel(blocks: readonly Block[], act: (block: Block) => Promise<void>): Promise<void> {
  const queue = blocks.values();
  const worker = async () => {
    for (const block of queue) await act(block);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function copyBlock(client: EBSClient, from: string, to: string, block: Block): Promise<void> {
  const { BlockIndex, BlockToken } = block;
  const read = await client.send(new GetSnapshotBlockCommand({ SnapshotId: from, BlockIndex, BlockToken }));
  const data = (await read.BlockData?.transformToByteArray()) ?? new Uint8Array();
  const checksum = createHash("sha256").update(data).digest("base64");
  if (checksum !== read.Checksum)
    throw new Error(`Block ${BlockIndex} of ${from} does not have the checksum that EBS gives.`);
  const put = client.send(
    new PutSnapshotBlockCommand({
      SnapshotId: to,
      BlockIndex,
      BlockData: data,
      DataLength: data.length,
      Checksum: checksum,
      ChecksumAlgorithm: "SHA256",
    }),
  );
  await put.catch((cause) => {
    // EBS gives a snapshot up that nobody wrote to for an hour (EBS direct APIs reference, StartSnapshot, "Timeout").
    if (!(cause instanceof ValidationException || cause instanceof ResourceNotFoundException)) throw cause;
    throw new ExportFailure(`EBS takes no more of the disk's copy ${to}: ${cause.message}`, { cause });
  });
}

/**
 * From now on nothing is written; it can be used a moment later.
 * @param isCompleted whether it was sealed before, and is done by now
 */
export async function sealDisk(
  client: EBSClient,
  snapshotId: string,
  copied: number,
  isCompleted: () => Promise<boolean>,
): Promise<void> {
  try {
    await client.send(new CompleteSnapshotCommand({ SnapshotId: snapshotId, ChangedBlocksCount: copied }));
  } catch (error) {
    // Whether sealing twice is refused is not documented.
    if (!(error instanceof ValidationException && (await isCompleted()))) throw error;
  }
}
/** What an export cannot be made of, or AWS refused for good: trying again is people's decision after a few times. */
export class ExportFailure extends Error {
  override readonly name = "ExportFailure";
}
