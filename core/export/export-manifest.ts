import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ExportRecord, KeptFile } from "./export-record.ts";
import { type ExportFormat, exportFormats } from "./formats.ts";

/** The signed manifest of an exported file. */
export const exportManifest = z.strictObject({
  schema: z.literal("amint-export/1"),
  factory: z.string(),
  image: z.string(),
  build: buildArn,
  channel: z.string(),
  /** The exported AMI, and its region. */
  ami: amiId,
  region: z.string(),
  format: z.enum(exportFormats),
  /** The file's key in the bucket. */
  file: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  checksum: z.strictObject({
    /** S3's composite checksum: SHA-256 of the parts' concatenated SHA-256 digests (S3 user guide). */
    algorithm: z.literal("SHA-256 of the parts' SHA-256"),
    /** Base64, without the number of parts. */
    value: z.string(),
    /** The size in bytes of each part except the last. */
    partBytes: z.int().min(1),
    parts: z.int().min(1),
  }),
  /** The evidence about its contents, by keys of the evidence bucket; absent without evidence. */
  evidence: z
    .strictObject({ key: z.string(), sbom: z.string().optional(), packagesDigest: z.string().optional() })
    .optional(),
  created: z.iso.datetime(),
});
type ExportManifest = z.output<typeof exportManifest>;

interface Facts {
  readonly factory: string;
  readonly region: string;
  readonly record: Pick<ExportRecord, "image" | "build" | "channel" | "amiId">;
  readonly format: ExportFormat;
  readonly file: KeptFile;
  readonly evidence: Evidence | undefined;
}

/** The manifest's text. It is the same for the same file, so its signature stays valid if it is written again. */
export function toManifest({ factory, region, record, format, file, evidence }: Facts): string {
  const [value = "", parts = "1"] = file.checksum.split("-");
  const said: ExportManifest = {
    schema: "amint-export/1",
    factory,
    image: record.image,
    build: record.build,
    channel: record.channel,
    ami: record.amiId,
    region,
    format,
    file: file.key,
    size: file.size,
    checksum: {
      algorithm: "SHA-256 of the parts' SHA-256",
      value,
      partBytes: file.partBytes,
      parts: Number(parts),
    },
    ...(evidence && {
      evidence: {
        key: evidence.key,
        ...(evidence.sbom && { sbom: evidence.sbom.key }),
        ...(evidence.packagesDigest && { packagesDigest: evidence.packagesDigest }),
      },
    }),
    created: file.at,
  };
  return `${JSON.stringify(said, null, 2)}\n`;
}
