import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { GetPublicKeyCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { exportManifest } from "../../core/exports/export-manifest.ts";
import { manifestKey, signatureKey } from "../../core/exports/export-names.ts";
import type { KeptFile } from "../../core/exports/export-record.ts";
import type { ExportsPlace } from "./exports-place.ts";

/** What anybody verifies signatures by. */
export async function readPublicKey({ kms, signingKey }: ExportsPlace): Promise<KeyObject> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: signingKey }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
}

/** Whether the manifest is as it was signed, and the file as the manifest says, by S3's own checksum. @returns `good`, or what is wrong */
export async function verifyFile(place: ExportsPlace, publicKey: KeyObject, { key }: KeptFile): Promise<string> {
  const { s3, bucket } = place;
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const [text, signature] = await Promise.all([read(manifestKey(key)), read(signatureKey(key))]);
  if (!verify("sha256", text, publicKey, signature)) return "the signature is not of this manifest by this key";
  const said = exportManifest.parse(JSON.parse(String(text)));
  if (said.file !== key) return `the manifest is of ${said.file}`;
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
  if (head.ContentLength !== said.size)
    return `the file has ${head.ContentLength} bytes, its manifest says ${said.size}`;
  const checksum = `${said.checksum.value}-${said.checksum.parts}`;
  return head.ChecksumSHA256 === checksum
    ? "good"
    : `the file's checksum is ${head.ChecksumSHA256}, its manifest says ${checksum}`;
}
