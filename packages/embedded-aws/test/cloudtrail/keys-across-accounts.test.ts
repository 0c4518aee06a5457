import { expect, test } from "vitest";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
import { aTrail, FACTORY, WEB } from "./a-trail.ts";

/** A key of the factory's that every account may use. */
async function aKey(call: ReturnType<typeof aTrail>["call"]): Promise<string> {
  const Statement = [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string } }>("kms", "CreateKey", { Policy });
  return KeyMetadata.Arn;
}

test("a grant on another account's key is recorded in both accounts, and the key's owner reads no name", async () => {
  const { call, recorded } = aTrail();
  const KeyId = await aKey(call);

  const grant = { KeyId, GranteePrincipal: `arn:aws:iam::${WEB}:root`, Operations: ["Decrypt"] };
  const { GrantToken } = await call<{ GrantToken: string }>("kms", "CreateGrant", grant, { account: WEB });

  const [, owners, callers] = recorded();
  expect(owners).toMatchObject({
    account: FACTORY,
    detail: {
      recipientAccountId: FACTORY,
      userIdentity: { type: "AWSAccount", accountId: WEB },
      requestParameters: { keyId: KeyId, granteePrincipal: `arn:aws:iam::${WEB}:root` },
      resources: [{ accountId: FACTORY, type: "AWS::KMS::Key", ARN: KeyId }],
    },
  });
  expect(callers).toMatchObject({ account: WEB, detail: { userIdentity: { type: "Root", accountId: WEB } } });
  expect(owners?.detail.sharedEventID).toBe(callers?.detail.sharedEventID);
  expect(owners?.detail.eventID).not.toBe(callers?.detail.eventID);
  expect(JSON.stringify(recorded())).not.toContain(GrantToken);
});

test("the grant of a launch is recorded in the account of the key that encrypts the image", async () => {
  const { aws, call, recorded, pass } = aTrail();
  const kmsKeyArn = await aKey(call);
  const place = { account: FACTORY, region: "eu-west-1" };
  const SnapshotId = addSnapshot(aws, place, { sizeGiB: 8, kmsKeyArn, description: "root" });
  const BlockDeviceMappings = [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }];
  const { ImageId } = await call<{ ImageId: string }>("ec2", "RegisterImage", {
    Name: "encrypted",
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings,
  });
  await pass(60_000);
  await call("ec2", "ModifyImageAttribute", { ImageId, LaunchPermission: { Add: [{ UserId: WEB }] } });

  await call("ec2", "RunInstances", { ImageId, MinCount: 1, MaxCount: 1 }, { account: WEB });
  await pass(60_000);

  const grants = recorded().filter(({ detail }) => detail.eventName === "CreateGrant");
  expect(grants.map(({ account }) => account)).toEqual([FACTORY, WEB]);
  expect(grants[0]?.detail).toMatchObject({ requestParameters: { keyId: kmsKeyArn, operations: ["Decrypt"] } });
});
