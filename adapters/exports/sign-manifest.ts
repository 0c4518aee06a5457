import { createHash } from "node:crypto";
import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";

/** Detached, DER: `openssl dgst -sha256 -verify` takes it. KMS is given the digest, for it takes no more than 4 KiB. */
export async function signManifest(client: KMSClient, keyId: string, manifest: string): Promise<Uint8Array> {
  const { Signature } = await client.send(
    new SignCommand({
      KeyId: keyId,
      Message: createHash("sha256").update(manifest).digest(),
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    }),
  );
  if (!Signature) throw new Error(`KMS signed nothing with ${keyId}.`);
  return Signature;
}
