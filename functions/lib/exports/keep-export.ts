import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { keepFile, putBeside, removeObjects } from "../../../adapters/exports/export-bucket.ts";
import { signManifest } from "../../../adapters/exports/sign-manifest.ts";
import { findEvidence } from "../../../adapters/ledger/evidence.ts";
import { toManifest } from "../../../core/exports/export-manifest.ts";
import { fileKey, manifestKey, signatureKey } from "../../../core/exports/export-names.ts";
import type { ExportRecord, KeptFile } from "../../../core/exports/export-record.ts";
import type { ExportFormat } from "../../../core/exports/formats.ts";
import type { ExportStep } from "./export-env.ts";

/** The stack's bucket, with the key for what is kept there. */
const bucketOf = ({ settings: { env }, client }: ExportStep) => ({
  client: client(S3Client),
  bucket: env.EXPORTS_BUCKET,
  keyArn: env.EXPORTS_KEY_ARN,
});

/** Keeps a file that EC2 wrote, with a manifest and its signature beside it. Last of all the staged one goes. */
export async function keepExport(
  record: ExportRecord,
  format: ExportFormat,
  staged: string,
  step: ExportStep,
): Promise<KeptFile> {
  const { settings, client, ledger, now } = step;
  const { factory, place, env } = settings;
  const bucket = bucketOf(step);
  const key = fileKey(factory.name, record, format);
  const file: KeptFile = { key, ...(await keepFile(bucket, staged, key)), at: now.toISOString() };
  const evidence = await findEvidence(ledger, record.build);
  const said = toManifest({ factory: factory.name, region: place.region, record, format, file, evidence });
  const signature = await signManifest(client(KMSClient), env.SIGNING_KEY_ARN, said);
  await putBeside(bucket, manifestKey(key), said, "application/json");
  await putBeside(bucket, signatureKey(key), signature, "application/octet-stream");
  return file;
}

/** Takes all of an export's objects away. */
export async function removeFiles(record: ExportRecord, step: ExportStep): Promise<void> {
  const { factory } = step.settings;
  const keys = record.formats.flatMap((format) => {
    const key = fileKey(factory.name, record, format);
    return [key, manifestKey(key), signatureKey(key)];
  });
  const staged = Object.values(record.files).flatMap((file) => file.staged ?? []);
  await removeObjects(bucketOf(step), [...keys, ...staged]);
}
