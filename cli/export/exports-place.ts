import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Blueprint } from "embedded-aws/deploy";
import { exportManifest } from "../../core/export/export-manifest.ts";
import { type KeptFile, manifestKey, signatureKey } from "../../core/export/export-record.ts";
import { patient } from "../command/open-ledger.ts";

/** The bucket of exports, and the key that signs their manifests. */
export interface ExportsPlace {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly bucket: string;
  /** The signing key's alias. */
  readonly signingKey: string;
}

/** With the current credentials. @throws NoExports */
export function openExports({ buildRegion, resources }: Blueprint): ExportsPlace {
  const named = (name: string) => resources.find((one) => one.name === name)?.inputs;
  const bucket = named("Exports")?.bucket;
  const signingKey = named("ExportsSigningKeyAlias")?.name;
  if (typeof bucket !== "string" || typeof signingKey !== "string") throw new NoExports();
  return { s3: new S3Client(patient(buildRegion)), kms: new KMSClient(patient(buildRegion)), bucket, signingKey };
}

/** No channel has exports, so nothing for them is deployed. */
class NoExports extends Error {
  override readonly name = "NoExports";

  constructor() {
    super(
      'No channel of factory.config.ts has exports, such as `exports: { formats: ["vmdk"] }`; ' +
        "after a change there, run `npm run blueprint` and deploy to create the bucket.",
    );
  }
}

/** The public key that verifies signatures. */
export async function readPublicKey({ kms, signingKey }: ExportsPlace): Promise<KeyObject> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: signingKey }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
}

/** Verifies the manifest's signature, and the file's size and S3 checksum against the manifest. @returns `good`, or the error */
export async function verifyFile(place: ExportsPlace, publicKey: KeyObject, { key }: KeptFile): Promise<string> {
  const { s3, bucket } = place;
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const [text, signature] = await Promise.all([read(manifestKey(key)), read(signatureKey(key))]);
  if (!verify("sha256", text, publicKey, signature)) return "the signature does not match the manifest and this key";
  const said = exportManifest.parse(JSON.parse(String(text)));
  if (said.file !== key) return `the manifest is for ${said.file}`;
  const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
  if (head.ContentLength !== said.size)
    return `the file has ${head.ContentLength} bytes, its manifest says ${said.size}`;
  const checksum = `${said.checksum.value}-${said.checksum.parts}`;
  return head.ChecksumSHA256 === checksum
    ? "good"
    : `the file's checksum is ${head.ChecksumSHA256}, its manifest says ${checksum}`;
}
