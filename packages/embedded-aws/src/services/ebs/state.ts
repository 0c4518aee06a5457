import { defineState } from "../../engine/state.ts";

/** A snapshot that is written block by block. */
interface WrittenSnapshot {
  /** By index; whole blocks. */
  readonly blocks: Map<number, Uint8Array>;
  /** Nothing can be written after. */
  sealed: boolean;
}

interface EbsState {
  /** By snapshot id. */
  readonly written: Map<string, WrittenSnapshot>;
  /** Client tokens of StartSnapshot, with what was asked and the snapshot that it made. */
  readonly tokens: Map<string, { readonly asked: string; readonly snapshotId: string }>;
}

export const ebsState = defineState<EbsState>("ebs", () => ({ written: new Map(), tokens: new Map() }));

/** In bytes (EBS user guide, "Concepts for EBS direct APIs", "Blocks"). */
export const BLOCK_BYTES = 512 * 1024;
