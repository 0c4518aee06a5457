import { createHash } from "node:crypto";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../engine/operation.ts";
import { canUse, findSnapshot } from "../ec2/find-image.ts";
import type { Snapshot } from "../ec2/state.ts";

/** A snapshot that is written block by block. */
interface WrittenSnapshot {
  /** By index; complete blocks. */
  readonly blocks: Map<number, Uint8Array>;
  /** No more writes are accepted. */
  sealed: boolean;
}

interface EbsState {
  /** By snapshot id. */
  readonly written: Map<string, WrittenSnapshot>;
  /** Client tokens of StartSnapshot, with their request and the snapshot that was created. */
  readonly tokens: Map<string, { readonly asked: string; readonly snapshotId: string }>;
}

export const ebsState = defineState<EbsState>("ebs", () => ({ written: new Map(), tokens: new Map() }));

/** In bytes (EBS user guide, "Concepts for EBS direct APIs", "Blocks"). */
export const BLOCK_BYTES = 512 * 1024;

/**
 * Blocks with data, with gaps between, of a disk that was not written by the EBS direct APIs. A real system has
 * thousands.
 */
const SYSTEM_BLOCKS = 8;
const GAP = 2;

/** Indexes of the blocks with data, ascending. */
export function blockIndexes(aws: EmbeddedAws, snapshot: Snapshot): number[] {
  const written = aws.state(ebsState, snapshot.owner, snapshot.region).written.get(snapshot.id);
  if (written) return [...written.blocks.keys()].sort((a, b) => a - b);
  const most = Math.min(SYSTEM_BLOCKS, Math.floor(snapshot.fullSizeBytes / BLOCK_BYTES / GAP));
  return Array.from({ length: most }, (_, at) => at * GAP);
}

/** A block's bytes: as written, or generated from the snapshot's id, always the same. Undefined: no data. */
export function blockOf(aws: EmbeddedAws, snapshot: Snapshot, index: number): Uint8Array | undefined {
  const written = aws.state(ebsState, snapshot.owner, snapshot.region).written.get(snapshot.id);
  if (written) return written.blocks.get(index);
  if (!blockIndexes(aws, snapshot).includes(index)) return undefined;
  return Buffer.alloc(BLOCK_BYTES, createHash("sha512").update(`${snapshot.id} ${index}`).digest());
}

/** The disk from its first byte to the end of the last block with data; gaps are zeros. */
export function diskOf(aws: EmbeddedAws, snapshot: Snapshot): Buffer {
  const indexes = blockIndexes(aws, snapshot);
  const disk = Buffer.alloc(((indexes.at(-1) ?? -1) + 1) * BLOCK_BYTES);
  for (const index of indexes) disk.set(blockOf(aws, snapshot, index) ?? [], index * BLOCK_BYTES);
  return disk;
}

/** Errors of the EBS direct APIs have a reason (EBS direct APIs reference, ValidationException). */
export const invalid = (reason: string, message: string): AwsError =>
  new AwsError("ValidationException", message, { members: { Reason: reason } });

/** A snapshot that the caller may read. @throws ResourceNotFoundException */
export function requireSnapshot({ aws, account, region }: Call, id: string | undefined): Snapshot {
  const snapshot = findSnapshot(aws, region, id ?? "");
  if (snapshot && canUse(snapshot, account)) return snapshot;
  throw new AwsError("ResourceNotFoundException", `The snapshot '${id}' does not exist.`, {
    members: { Reason: "SNAPSHOT_NOT_FOUND" },
  });
}
