import { createHash, createPublicKey, createVerify, verify } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { keyArnOf } from "../../src/services/kms/find-key.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";

const DAY = 86_400_000;

async function aKey(input: object = {}) {
  const world = anAws();
  const kms = world.by("kms");
  const { KeyMetadata } = await kms("CreateKey", { Description: "images", ...input });
  const key = { id: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
  await kms("CreateAlias", { AliasName: "alias/images", TargetKeyId: key.id });
  return { ...world, kms, key };
}

describe("a key", () => {
  it("is found by id, ARN, alias and the alias's ARN", async () => {
    const { aws, kms, key } = await aKey();
    const references = [key.id, key.arn, "alias/images", `arn:aws:kms:${REGION}:${FACTORY}:alias/images`];

    const described = await Promise.all(references.map((KeyId) => kms("DescribeKey", { KeyId })));

    expect(key.arn).toBe(`arn:aws:kms:${REGION}:${FACTORY}:key/${key.id}`);
    const shown = { Arn: key.arn, KeyState: "Enabled", CreationDate: new Date("2026-04-01T08:00Z") };
    expect(described).toMatchObject(references.map(() => ({ KeyMetadata: shown })));
    expect(references.map((reference) => keyArnOf(aws, FACTORY, REGION, reference))).toEqual(
      references.map(() => key.arn),
    );
  });

  it("is found from another account by ARN only", async () => {
    const { by, key } = await aKey();
    const describeAs = (KeyId: string) => by("kms", STRANGER)("DescribeKey", { KeyId });

    const byArn = await describeAs(key.arn);
    await expectRefusal(
      describeAs(key.id),
      "NotFoundException",
      `Key 'arn:aws:kms:${REGION}:${STRANGER}:key/${key.id}' does not exist`,
    );
    const byAlias = await refusalOf(describeAs("alias/images"));

    expect(byArn.KeyMetadata?.AWSAccountId).toBe(FACTORY);

    expect(byAlias.message).toBe(`Alias arn:aws:kms:${REGION}:${STRANGER}:alias/images is not found.`);
  });

  it("belongs to one region", async () => {
    const { by, key } = await aKey();

    await expectRefusal(by("kms", FACTORY, OTHER_REGION)("DescribeKey", { KeyId: key.arn }), "NotFoundException");
  });

  it("delegates to its account unless it is given a policy", async () => {
    const { kms, key } = await aKey();
    const policy = async () => JSON.parse((await kms("GetKeyPolicy", { KeyId: key.id })).Policy ?? "");
    const own = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    };

    const born = await policy();
    await kms("PutKeyPolicy", { KeyId: key.id, Policy: JSON.stringify(own) });
    await expectRefusal(kms("PutKeyPolicy", { KeyId: key.id, Policy: "{" }), "MalformedPolicyDocumentException");

    expect(born.Statement).toMatchObject([{ Principal: { AWS: `arn:aws:iam::${FACTORY}:root` }, Action: "kms:*" }]);
    expect(await policy()).toEqual(own);
  });

  it("rotates once that is enabled", async () => {
    const { kms, key } = await aKey();
    const status = () => kms("GetKeyRotationStatus", { KeyId: key.id });

    const before = await status();
    await kms("EnableKeyRotation", { KeyId: key.id, RotationPeriodInDays: 90 });

    expect(before.KeyRotationEnabled).toBe(false);
    expect(await status()).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
      NextRotationDate: new Date(Date.UTC(2026, 3, 1, 8) + 90 * DAY),
    });
  });

  it("waits for its deletion, comes back disabled, or goes with its aliases", async () => {
    const { kms, key, clock } = await aKey();
    const use = () => refusalOf(kms("Encrypt", { KeyId: key.id, Plaintext: Buffer.from("a"), DryRun: true }));

    await kms("ScheduleKeyDeletion", { KeyId: key.id, PendingWindowInDays: 7 });
    const pending = await use();
    await kms("CancelKeyDeletion", { KeyId: key.id });
    const disabled = await use();
    await kms("ScheduleKeyDeletion", { KeyId: key.id, PendingWindowInDays: 7 });
    await clock.runUntil(clock.now() + 7 * DAY);
    const gone = await refusalOf(kms("DescribeKey", { KeyId: "alias/images" }));

    expect([pending.code, disabled.code, gone.code]).toEqual([
      "KMSInvalidStateException",
      "DisabledException",
      "NotFoundException",
    ]);
    expect(pending.message).toBe(`${key.arn} is pending deletion.`);
  });
});

describe("aws/ebs", () => {
  it("is there in every account and region, one key each, and can't be changed", async () => {
    const { aws, kms } = await aKey();

    const arns = [
      keyArnOf(aws, FACTORY, REGION, "alias/aws/ebs"),
      keyArnOf(aws, FACTORY, OTHER_REGION, "alias/aws/ebs"),
      keyArnOf(aws, STRANGER, REGION, "alias/aws/ebs"),
      keyArnOf(aws, FACTORY, REGION, "alias/aws/ebs"),
    ];
    const { Aliases } = await kms("ListAliases");
    await expectRefusal(kms("ScheduleKeyDeletion", { KeyId: "alias/aws/ebs" }), "AccessDeniedException");

    expect(new Set(arns).size).toBe(3);
    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(["alias/aws/ebs", "alias/images"]);
  });
});

async function aSigningKey(KeySpec: string) {
  const { by } = anAws();
  const kms = by("kms");
  const { KeyMetadata } = await kms("CreateKey", { KeySpec, KeyUsage: "SIGN_VERIFY" });
  const KeyId = KeyMetadata?.Arn;
  const { PublicKey = new Uint8Array() } = await kms("GetPublicKey", { KeyId });
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
    const { Signature = new Uint8Array() } = await kms("Sign", asked);
    const again = await kms("Verify", { ...asked, Signature });

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
    const { Signature = new Uint8Array() } = await kms("Sign", { ...asked, Message });
    const changed = Uint8Array.from(Signature);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;

    expect(createVerify("sha256").update(message).verify(publicKey, Signature)).toBe(true);
    expect(await kms("Verify", { ...asked, Message, Signature })).toMatchObject({ SignatureValid: true });
    await expectRefusal(kms("Verify", { ...asked, Message, Signature: changed }), "KMSInvalidSignatureException");
  }
});

test("A signing key encrypts nothing and is not rotated; a symmetric one has no public key and signs nothing", async () => {
  const { kms, KeyId } = await aSigningKey("ECC_NIST_P256");
  const symmetric = (await kms("CreateKey", {})).KeyMetadata?.Arn;
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
