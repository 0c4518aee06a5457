import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ExportRecord, KeptFile } from "./export-record.ts";
import { type ExportFormat, exportFormats } from "./formats.ts";

/** What the factory says of a file, and signs. */
export const exportManifest = z.strictObject({
  schema: z.literal("amint-export/1"),
  factory: z.string(),
  image: z.string(),
  build: buildArn,
  channel: z.string(),
  /** The AMI whose disk it is, and where that is. */
  ami: amiId,
  region: z.string(),
  format: z.enum(exportFormats),
  /** The file's key in the bucket. */
  file: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  checksum: z.strictObject({
    /** S3's composite checksum: SHA-256 of the parts' SHA-256 digests, one after the other (S3 user guide). */
    algorithm: z.literal("SHA-256 of the parts' SHA-256"),
    /** Base64, without the number of parts. */
    value: z.string(),
    /** Each part but the last; in bytes. */
    partBytes: z.int().min(1),
    parts: z.int().min(1),
  }),
  /** What is known of its contents, by keys of the evidence bucket; left out where nothing is. */
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

/** The same text each time for the same file: its signature holds whoever writes it again. */
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
