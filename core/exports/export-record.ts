import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";
import { exportFormats } from "./formats.ts";

/** A file in the bucket: `checksum` is of its parts' checksums, as S3 tells it; `partBytes` how long these are. */
const keptFile = z.object({
  key: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  /** Base64, and after a hyphen the number of parts. */
  checksum: z.string(),
  partBytes: z.int().min(1),
  /** When its manifest says that it was made. */
  at: z.iso.datetime(),
});
export type KeptFile = z.output<typeof keptFile>;

const exportFile = z.object({
  task: z.object({ id: z.string(), startedAt: z.iso.datetime() }).optional(),
  /** The file that EC2 wrote. */
  staged: z.string().optional(),
  kept: keptFile.optional(),
});
export type ExportFile = z.output<typeof exportFile>;

/** How far the export of one build is, in all formats. */
export const exportRecord = z.object({
  image: z.string(),
  channel: z.string(),
  build: buildArn,
  /** In the build region. */
  amiId,
  formats: z.array(z.enum(exportFormats)).min(1),
  state: z.enum(["under-way", "ready", "failed", "removing", "removed"]),
  /** Counts up where one failed or was removed and is made anew: it is part of names and client tokens. */
  attempt: z.int().min(1),
  /** Attempts since somebody, or the channel's move, asked for it. */
  tries: z.int().min(1),
  /** When this attempt began. */
  since: z.iso.datetime(),
  /** The copy of the AMI's disk that is not encrypted: EC2 exports no other. */
  disk: z
    .object({
      snapshotId: z.string(),
      /** The first block that is not looked at yet, and how many were written. */
      next: z.int().min(0),
      copied: z.int().min(0),
      /** All blocks are written; after it is sealed none can be. */
      whole: z.boolean(),
      sealed: z.boolean(),
    })
    .optional(),
  /** The AMI of that copy. */
  plainAmi: z.string().optional(),
  files: z.partialRecord(z.enum(exportFormats), exportFile),
  /** Of a failed one, in words. */
  failure: z.string().optional(),
  /** That people were told how it ended. */
  told: z.boolean().optional(),
  /** Counts each write. */
  version: z.int().min(1),
  /** Whoever works on it, until then; ISO 8601. */
  claimedUntil: z.iso.datetime().optional(),
});

export type ExportRecord = z.output<typeof exportRecord>;

/** Whether nothing of it is left where AMIs and snapshots are: neither the copy of the disk nor its AMI. */
export const isCleared = ({ disk, plainAmi }: ExportRecord): boolean => disk === undefined && plainAmi === undefined;
