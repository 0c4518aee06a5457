import { createHash } from "node:crypto";
import * as z from "zod";
import { amiId, type BuildArn, buildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type ExportFormat, exportFormats } from "./formats.ts";

/** A file in the bucket: `checksum` is S3's composite checksum of its parts, `partBytes` the size of a part. */
const keptFile = z.object({
  key: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  /** Base64, followed by a hyphen and the number of parts. */
  checksum: z.string(),
  partBytes: z.int().min(1),
  /** The creation time in its manifest. */
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

/** The state of one build's export, in all formats. */
export const exportRecord = z.object({
  image: z.string(),
  channel: z.string(),
  build: buildArn,
  /** The AMI in the build region. */
  amiId,
  formats: z.array(z.enum(exportFormats)).min(1),
  state: z.enum(["under-way", "ready", "failed", "removing", "removed"]),
  /** Increases with each new attempt, after a failure or a removal: it is part of names and client tokens. */
  attempt: z.int().min(1),
  /** Attempts since the last request, by an operator or by the channel's move. */
  tries: z.int().min(1),
  /** When this attempt began. */
  since: z.iso.datetime(),
  /** The unencrypted copy of the AMI's disk: EC2 does not export encrypted ones. */
  disk: z
    .object({
      snapshotId: z.string(),
      /** The first block that was not read yet, and how many blocks were written. */
      next: z.int().min(0),
      copied: z.int().min(0),
      /** All blocks are written. After the snapshot is sealed, no block can be written. */
      whole: z.boolean(),
      sealed: z.boolean(),
    })
    .optional(),
  /** The AMI of that copy. */
  plainAmi: z.string().optional(),
  files: z.partialRecord(z.enum(exportFormats), exportFile),
  /** Why it failed, in words. */
  failure: z.string().optional(),
  /** The end was notified. */
  told: z.boolean().optional(),
  /** Increases with each write. */
  version: z.int().min(1),
  /** Until when the function that works on it has claimed it; ISO 8601. */
  claimedUntil: z.iso.datetime().optional(),
});

export type ExportRecord = z.output<typeof exportRecord>;

/** Whether the copy of the disk and its AMI are deleted. */
export const isCleared = ({ disk, plainAmi }: ExportRecord): boolean => disk === undefined && plainAmi === undefined;

/** The prefix to which EC2 writes; files there are not checked yet. */
export const STAGING = "staging/";

/** `al2023-base/1.24.7/3/` */
const folderOf = (image: string, build: BuildArn): string => `${image}/${buildVersion(build)}/`;

/** `al2023-base/1.24.7/3/acme-al2023-base-1.24.7-3.vmdk`, in the bucket of the stack. */
export const fileKey = (factory: string, { image, build }: Named, format: ExportFormat): string =>
  `${folderOf(image, build)}${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}.${format}`;

/** The key of a file's manifest. */
export const manifestKey = (key: string): string => `${key}.json`;

export const signatureKey = (key: string): string => `${key}.json.sig`;

/** The name of the unencrypted copy's AMI: one for each attempt, so that it is found again after a crash. */
export const plainName = (factory: string, { image, build, attempt }: Named & Pick<ExportRecord, "attempt">): string =>
  `${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}-export-${attempt}`;

type Named = Pick<ExportRecord, "image" | "build">;

/** The client token of one effect of one attempt, the same in each retry (64 characters, the limit of the EBS direct APIs). */
export const effectToken = (build: BuildArn, attempt: number, effect: string): string =>
  createHash("sha256").update(`${build} ${attempt} ${effect}`).digest("hex");
