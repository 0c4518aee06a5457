import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { listExports } from "../../adapters/export/exports.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { type ExportRecord, type KeptFile, manifestKey, signatureKey } from "../../core/export/export-record.ts";
import type { ExportFormat } from "../../core/export/formats.ts";
import { sayBytes } from "../../core/export/notice.ts";
import { type ExportsPlace, readPublicKey, verifyFile } from "./exports-place.ts";

interface Wanted {
  readonly image?: string;
  readonly channel?: string;
  /** How long links work, in seconds; undefined for no links. */
  readonly linkSeconds?: number;
  readonly verify: boolean;
}

/** A link to a file, to its manifest, and to the manifest's signature. */
interface Links {
  readonly file: string;
  readonly manifest: string;
  readonly signature: string;
}

interface ShownFile extends Partial<KeptFile> {
  readonly format: ExportFormat;
  readonly links?: Links;
  /** `good`, or the error. */
  readonly verified?: string;
}

export interface ShownExport
  extends Pick<ExportRecord, "image" | "channel" | "build" | "amiId" | "since" | "state" | "failure"> {
  readonly files: readonly ShownFile[];
}

/** The exports, newest first, without removed ones. */
export async function showExports(ledger: Ledger, place: ExportsPlace, wanted: Wanted): Promise<ShownExport[]> {
  const records = (await listExports(ledger))
    .filter(({ image }) => wanted.image === undefined || image === wanted.image)
    .filter(({ channel }) => wanted.channel === undefined || channel === wanted.channel)
    .filter(({ state }) => state !== "removed")
    .toSorted((a, b) => b.since.localeCompare(a.since));
  const publicKey = wanted.verify && records.length > 0 ? await readPublicKey(place) : undefined;
  return Promise.all(
    records.map(async (record) => {
      const { image, channel, build, amiId, since, state, failure } = record;
      const files = record.formats.map(async (format): Promise<ShownFile> => {
        const kept = record.files[format]?.kept;
        if (!kept) return { format };
        return {
          format,
          ...kept,
          ...(wanted.linkSeconds !== undefined && { links: await linksTo(place, kept.key, wanted.linkSeconds) }),
          ...(publicKey && { verified: await verifyFile(place, publicKey, kept) }),
        };
      });
      const said = { image, channel, build, amiId, since, state, files: await Promise.all(files) };
      return failure === undefined ? said : { ...said, failure };
    }),
  );
}

/** Links expire after `expiresIn` seconds, or with the credentials that signed them. */
async function linksTo({ s3, bucket }: ExportsPlace, key: string, expiresIn: number): Promise<Links> {
  const link = (Key: string) => getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn });
  return {
    file: await link(key),
    manifest: await link(manifestKey(key)),
    signature: await link(signatureKey(key)),
  };
}

const STATES: Readonly<Record<ShownExport["state"], string>> = {
  "under-way": "is being exported",
  ready: "ready",
  failed: "failed",
  removing: "is being removed",
  removed: "removed",
};

/** Exports as text: each build, and its files below it. */
export function drawExports(exports: readonly ShownExport[], wanted: { image?: string; channel?: string }): string {
  if (exports.length > 0) return exports.flatMap(drawOne).join("\n");
  const of = [wanted.image, wanted.channel].filter(Boolean).join(" ");
  return `No export${of ? ` of ${of}` : ""} exists: one starts when a build enters a channel with exports.`;
}

const drawOne = ({ image, channel, build, state, failure, files }: ShownExport): string[] => [
  `${image} ${buildVersion(build)}  ${channel}  ${STATES[state]}${failure ? `: ${failure}` : ""}`,
  ...files.flatMap(({ format, key, size, checksum, links, verified }) => [
    `  ${format.padEnd(4)}  ${
      key ? `${sayBytes(size ?? 0).padStart(8)}  ${key}  SHA-256 of parts ${checksum}` : "not ready"
    }${verified ? `  ${verified === "good" ? "verified" : `NOT VERIFIED: ${verified}`}` : ""}`,
    ...(links ? [`        ${links.file}`, `        ${links.manifest}`, `        ${links.signature}`] : []),
  ]),
];
