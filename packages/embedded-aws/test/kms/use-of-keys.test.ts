import type { CreateKeyCommandOutput, ListGrantsCommandOutput } from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { Authorization } from "../../src/engine/operation.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { FACTORY, REGION, STRANGER } from "../ec2/an-aws.ts";
import { containing, expectRefusal, refusalOf } from "../expect-refusal.ts";

/** Records the requests to IAM. */
async function aWatchedKey() {
  const asked: Authorization[] = [];
  const aws = createAws({
    clock: new VirtualClock(0),
    authorizer: { authorize: (_call, authorization) => void asked.push(authorization) },
  });
  const kms =
    (account: string) =>
    <Output>(operation: string, input: object = {}) =>
      aws.call<Output>("kms", operation, input, { principal: accountPrincipal(account), region: REGION });
  const Policy = JSON.stringify({
    Statement: { Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" },
  });
  const { KeyMetadata } = await kms(FACTORY)<CreateKeyCommandOutput>("CreateKey", { Policy });
  await kms(FACTORY)("CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyMetadata?.KeyId });
  asked.length = 0;
  return { asked, kms, arn: KeyMetadata?.Arn ?? "", policy: Policy };
}

describe("the use of a key", () => {
  it("is decided by the key's policy, in the key's account", async () => {
    const { asked, kms, arn, policy } = await aWatchedKey();

    await refusalOf(
      kms(STRANGER)("Decrypt", { KeyId: arn, DryRun: true, EncryptionContext: { "aws:ebs:id": "vol-1" } }),
    );

    expect(asked).toMatchObject([
      {
        action: "kms:Decrypt",
        resources: [arn],
        owner: FACTORY,
        resourcePolicy: policy,
        context: {
          "kms:CallerAccount": STRANGER,
          "kms:ResourceAliases": ["alias/images"],
          "kms:EncryptionContext:aws:ebs:id": "vol-1",
        },
      },
    ]);
  });

  it.each(["Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"])(
    "%s succeeds as a dry run, and is not built otherwise",
    async (operation) => {
      const { kms, arn } = await aWatchedKey();
      const text = { Plaintext: Buffer.from("a"), CiphertextBlob: Buffer.from("b") };

      await expectRefusal(kms(FACTORY)(operation, { ...text, KeyId: arn, DryRun: true }), "DryRunOperationException");
      await expectRefusal(kms(FACTORY)(operation, { ...text, KeyId: arn }), "NotImplemented", containing(operation));
    },
  );

  it("re-encryption requires permissions for both keys, also in a dry run", async () => {
    const { asked, kms, arn } = await aWatchedKey();
    const keys = { SourceKeyId: arn, DestinationKeyId: arn };
    const ignored = { DryRun: true, DryRunModifiers: ["IGNORE_CIPHERTEXT"] };

    await expectRefusal(kms(FACTORY)("ReEncrypt", { ...keys, ...ignored }), "DryRunOperationException");
    await expectRefusal(kms(FACTORY)("ReEncrypt", keys), "NotImplemented", containing("ReEncrypt"));
    await kms(FACTORY)("DisableKey", { KeyId: arn });
    await expectRefusal(kms(FACTORY)("ReEncrypt", { ...keys, ...ignored }), "DisabledException");

    expect(
      asked
        .filter(({ action }) => action.startsWith("kms:ReEncrypt"))
        .map(({ action }) => action)
        .slice(0, 2),
    ).toEqual(["kms:ReEncryptFrom", "kms:ReEncryptTo"]);
  });

  it("can be granted, until the grant is revoked", async () => {
    const { asked, kms, arn } = await aWatchedKey();
    const grantee = `arn:aws:iam::${STRANGER}:role/launcher`;
    const lent = () => asked.at(-1)?.grants;

    const { GrantId } = await kms(FACTORY)<{ GrantId: string }>("CreateGrant", {
      KeyId: arn,
      GranteePrincipal: grantee,
      Operations: ["Decrypt", "CreateGrant"],
    });
    const { Grants } = await kms(FACTORY)<ListGrantsCommandOutput>("ListGrants", { KeyId: arn });
    const during = lent();
    await kms(FACTORY)("RevokeGrant", { KeyId: arn, GrantId });
    await kms(FACTORY)("DescribeKey", { KeyId: arn });

    expect(Grants).toMatchObject([{ GrantId, GranteePrincipal: grantee, KeyId: arn }]);
    expect(JSON.parse(during ?? "").Statement).toMatchObject([
      { Sid: GrantId, Principal: { AWS: grantee }, Action: ["kms:Decrypt", "kms:CreateGrant"] },
    ]);
    expect(lent()).toBeUndefined();
  });

  it("tells IAM what a direct grant is for", async () => {
    const { asked, kms, arn } = await aWatchedKey();

    await refusalOf(
      kms(STRANGER)("CreateGrant", {
        KeyId: arn,
        GranteePrincipal: `arn:aws:iam::${STRANGER}:role/autoscaling`,
        Operations: ["Decrypt"],
        DryRun: true,
      }),
    );

    expect(asked[0]?.context).toMatchObject({
      "kms:GrantIsForAWSResource": "false",
      "kms:GranteePrincipal": `arn:aws:iam::${STRANGER}:role/autoscaling`,
      "kms:GrantOperations": ["Decrypt"],
    });
  });
});
