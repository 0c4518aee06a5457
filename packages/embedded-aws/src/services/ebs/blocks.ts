import { createHash } from "node:crypto";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Snapshot } from "../ec2/state.ts";
import { BLOCK_BYTES, ebsState } from "./state.ts";

/** Of a disk that nobody wrote here: so many blocks have data, with gaps between. A real system has thousands. */
const SYSTEM_BLOCKS = 8;
const GAP = 2;

/** Indexes of the blocks that hold data, ascending. */
export function blockIndexes(aws: EmbeddedAws, snapshot: Snapshot): number[] {
  const written = aws.state(ebsState, snapshot.owner, snapshot.region).written.get(snapshot.id);
  if (written) return [...written.blocks.keys()].sort((a, b) => a - b);
  const most = Math.min(SYSTEM_BLOCKS, Math.floor(snapshot.fullSizeBytes / BLOCK_BYTES / GAP));
  return Array.from({ length: most }, (_, at) => at * GAP);
}

/** A block's bytes: as they were written, or made from the snapshot's id, the same each time. Undefined: no data. */
export function blockOf(aws: EmbeddedAws, snapshot: Snapshot, index: number): Uint8Array | undefined {
  const written = aws.state(ebsState, snapshot.owner, snapshot.region).written.get(snapshot.id);
  if (written) return written.blocks.get(index);
  if (!blockIndexes(aws, snapshot).includes(index)) return undefined;
  return Buffer.alloc(BLOCK_BYTES, createHash("sha512").update(`${snapshot.id} ${index}`).digest());
}

/** The disk from its first byte to the end of the last block with data; between blocks there are zeros. */
export function diskOf(aws: EmbeddedAws, snapshot: Snapshot): Buffer {
  const indexes = blockIndexes(aws, snapshot);
  const disk = Buffer.alloc(((indexes.at(-1) ?? -1) + 1) * BLOCK_BYTES);
  for (const index of indexes) disk.set(blockOf(aws, snapshot, index) ?? [], index * BLOCK_BYTES);
  return disk;
}
