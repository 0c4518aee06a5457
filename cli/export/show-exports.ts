import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { listExports } from "../../adapters/ledger/exports.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { manifestKey, signatureKey } from "../../core/exports/export-names.ts";
import type { ExportRecord, KeptFile } from "../../core/exports/export-record.ts";
import type { ExportFormat } from "../../core/exports/formats.ts";
import type { ExportsPlace } from "./exports-place.ts";
import { readPublicKey, verifyFile } from "./verify-file.ts";

export interface Wanted {
  readonly image?: string;
  readonly channel?: string;
  /** Seconds that links work; left out, none is made. */
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
  /** `good`, or what is wrong. */
  readonly verified?: string;
}

export interface ShownExport
  extends Pick<ExportRecord, "image" | "channel" | "build" | "amiId" | "since" | "state" | "failure"> {
  readonly files: readonly ShownFile[];
}

/** What there is, the newest first. What was removed is not there. */
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

/** They work as long as the credentials that made them, and no longer than was asked for. */
async function linksTo({ s3, bucket }: ExportsPlace, key: string, expiresIn: number): Promise<Links> {
  const link = (Key: string) => getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn });
  return {
    file: await link(key),
    manifest: await link(manifestKey(key)),
    signature: await link(signatureKey(key)),
  };
}
