import { createHash } from "node:crypto";
import * as z from "zod";
import { amiId, type BuildArn, buildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type ExportFormat, exportFormats } from "./formats.ts";

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

/** Where EC2 writes; what lies there was not checked yet. */
export const STAGING = "staging/";

/** `al2023-base/1.24.7/3/` */
const folderOf = (image: string, build: BuildArn): string => `${image}/${buildVersion(build)}/`;

/** `al2023-base/1.24.7/3/acme-al2023-base-1.24.7-3.vmdk`, in the bucket of the stack. */
export const fileKey = (factory: string, { image, build }: Named, format: ExportFormat): string =>
  `${folderOf(image, build)}${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}.${format}`;

/** What is said of a file, and the signature of that. */
export const manifestKey = (key: string): string => `${key}.json`;

export const signatureKey = (key: string): string => `${key}.json.sig`;

/** The AMI of the copy that is not encrypted: one for each attempt, so that it is found again after a crash. */
export const plainName = (factory: string, { image, build, attempt }: Named & Pick<ExportRecord, "attempt">): string =>
  `${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}-export-${attempt}`;

type Named = Pick<ExportRecord, "image" | "build">;

/** The same for each repetition of one effect of one attempt (64 characters, the EBS direct APIs' limit). */
export const effectToken = (build: BuildArn, attempt: number, effect: string): string =>
  createHash("sha256").update(`${build} ${attempt} ${effect}`).digest("hex");
