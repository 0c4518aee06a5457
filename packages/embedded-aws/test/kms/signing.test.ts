import { createHash, createPublicKey, createVerify, verify } from "node:crypto";
import type {
  CreateKeyCommandOutput,
  GetPublicKeyCommandOutput,
  SignCommandOutput,
  VerifyCommandOutput,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { anAws, refusalOf } from "../ec2/an-aws.ts";

async function aSigningKey(KeySpec: string) {
  const { by } = anAws();
  const kms = by("kms");
  const { KeyMetadata } = await kms<CreateKeyCommandOutput>("CreateKey", { KeySpec, KeyUsage: "SIGN_VERIFY" });
  const KeyId = KeyMetadata?.Arn;
  const { PublicKey = new Uint8Array() } = await kms<GetPublicKeyCommandOutput>("GetPublicKey", { KeyId });
  return {
    kms,
    KeyId,
    metadata: KeyMetadata,
    publicKey: createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" }),
  };
}

const text = Buffer.from('{"format":"vmdk"}');
const sha256 = createHash("sha256").update(text).digest();

test.each([
  ["ECC_NIST_P256", "ECDSA_SHA_256"],
  ["RSA_3072", "RSASSA_PKCS1_V1_5_SHA_256"],
])("What a %s key signs, as it is or by its digest, others verify by the public key", async (spec, algorithm) => {
  const { kms, KeyId, metadata, publicKey } = await aSigningKey(spec);

  for (const [Message, MessageType] of [
    [text, "RAW"],
    [sha256, "DIGEST"],
  ]) {
    const asked = { KeyId, Message, MessageType, SigningAlgorithm: algorithm };
    const { Signature = new Uint8Array() } = await kms<SignCommandOutput>("Sign", asked);
    const again = await kms<VerifyCommandOutput>("Verify", { ...asked, Signature });

    expect(verify("sha256", text, publicKey, Signature)).toBe(true);
    expect(verify("sha256", Buffer.from("another"), publicKey, Signature)).toBe(false);
    expect(again).toMatchObject({ SignatureValid: true });
  }
  expect(metadata).toMatchObject({ KeyUsage: "SIGN_VERIFY", KeySpec: spec });
  expect(metadata?.SigningAlgorithms).toContain(algorithm);
});

test("Twenty signatures by a digest are all good, and none is with a bit changed", async () => {
  const { kms, KeyId, publicKey } = await aSigningKey("ECC_NIST_P256");
  const asked = { KeyId, MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" };

  for (let n = 0; n < 20; n++) {
    const message = Buffer.from(`message ${n}`);
    const Message = createHash("sha256").update(message).digest();
    const { Signature = new Uint8Array() } = await kms<SignCommandOutput>("Sign", { ...asked, Message });
    const changed = Uint8Array.from(Signature);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;

    expect(createVerify("sha256").update(message).verify(publicKey, Signature)).toBe(true);
    expect(await kms("Verify", { ...asked, Message, Signature })).toMatchObject({ SignatureValid: true });
    expect(await refusalOf(kms("Verify", { ...asked, Message, Signature: changed }))).toMatchObject({
      code: "KMSInvalidSignatureException",
    });
  }
});

test("A signing key encrypts nothing and is not rotated; a symmetric one has no public key and signs nothing", async () => {
  const { kms, KeyId } = await aSigningKey("ECC_NIST_P256");
  const symmetric = (await kms<CreateKeyCommandOutput>("CreateKey", {})).KeyMetadata?.Arn;
  const asked = { Message: text, SigningAlgorithm: "ECDSA_SHA_256" };

  const refusals = {
    rotate: await refusalOf(kms("EnableKeyRotation", { KeyId })),
    encrypt: await refusalOf(kms("Encrypt", { KeyId, Plaintext: text, DryRun: true })),
    publicKey: await refusalOf(kms("GetPublicKey", { KeyId: symmetric })),
    sign: await refusalOf(kms("Sign", { ...asked, KeyId: symmetric })),
    algorithm: await refusalOf(kms("Sign", { ...asked, KeyId, SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256" })),
    digest: await refusalOf(kms("Sign", { ...asked, KeyId, MessageType: "DIGEST" })),
    long: await refusalOf(kms("Sign", { ...asked, KeyId, Message: Buffer.alloc(4097) })),
    usage: await refusalOf(kms("CreateKey", { KeySpec: "RSA_3072" })),
  };

  expect(Object.fromEntries(Object.entries(refusals).map(([what, { code }]) => [what, code]))).toEqual({
    rotate: "UnsupportedOperationException",
    encrypt: "InvalidKeyUsageException",
    publicKey: "UnsupportedOperationException",
    sign: "InvalidKeyUsageException",
    algorithm: "InvalidKeyUsageException",
    digest: "ValidationException",
    long: "ValidationException",
    usage: "ValidationException",
  });
});
