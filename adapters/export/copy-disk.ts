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

/** Concurrent blocks of 512 KiB, and how many are copied between two progress records. */
const AT_ONCE = 24;

const SAID_AFTER = 20 * AT_ONCE;

/**
 * Starts an empty unencrypted snapshot. VM Import/Export cannot export encrypted snapshots ("Considerations for image
 * export"), copies of an encrypted one are always encrypted (EBS user guide, "Copy a snapshot"), and block writes
 * follow the account's default ("Encryption outcomes for EBS direct APIs").
 * @param token creates one snapshot only
 * @returns its id, and whether the account's default encrypted it, which makes it unusable
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
  /** The first block that is not copied yet. */
  readonly next: number;
  readonly copied: number;
}

/**
 * Copies blocks with data between snapshots until all are copied or `isOver` returns true. Writing a block twice is
 * harmless.
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
  if (checksum !== read.Checksum) throw new Error(`Block ${BlockIndex} of ${from} does not match EBS's checksum.`);
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
    // EBS abandons a snapshot after an hour without writes (EBS direct APIs reference, StartSnapshot, "Timeout").
    if (!(cause instanceof ValidationException || cause instanceof ResourceNotFoundException)) throw cause;
    throw new ExportFailure(`EBS rejects further blocks of the disk's copy ${to}: ${cause.message}`, { cause });
  });
}

/**
 * Seals a snapshot: it can no longer be written to, and is usable a moment later.
 * @param isCompleted whether it was sealed before and is complete
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
    // AWS does not document whether sealing twice is an error.
    if (!(error instanceof ValidationException && (await isCompleted()))) throw error;
  }
}
/** An export is impossible, or AWS refused it permanently: after a few tries, a user decides about retrying. */
export class ExportFailure extends Error {
  override readonly name = "ExportFailure";
}
