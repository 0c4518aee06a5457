import { expect, test } from "vitest";
import { aTrail, FACTORY, WEB } from "./a-trail.ts";

test("an AMI that is shared is recorded in its region, with EC2's lists as items", async () => {
  const { call, recorded, imageIn } = aTrail();
  const ImageId = imageIn("eu-central-1");

  const LaunchPermission = { Add: [{ UserId: WEB }] };
  await call("ec2", "ModifyImageAttribute", { ImageId, LaunchPermission }, { region: "eu-central-1" });

  expect(recorded()).toMatchObject([
    {
      account: FACTORY,
      region: "eu-central-1",
      source: "aws.ec2",
      "detail-type": "AWS API Call via CloudTrail",
      detail: {
        eventSource: "ec2.amazonaws.com",
        eventName: "ModifyImageAttribute",
        awsRegion: "eu-central-1",
        userIdentity: { type: "Root", accountId: FACTORY },
        requestParameters: {
          imageId: ImageId,
          launchPermission: { add: { items: [{ userId: WEB }] } },
          attributeType: "launchPermission",
        },
        responseElements: { _return: true },
        readOnly: false,
        managementEvent: true,
        recipientAccountId: FACTORY,
      },
    },
  ]);
});

test("the two forms of a change of launch permissions are recorded alike", async () => {
  const { call, recorded, imageIn } = aTrail();
  const ImageId = imageIn("eu-west-1");

  await call("ec2", "ModifyImageAttribute", {
    ImageId,
    Attribute: "launchPermission",
    OperationType: "add",
    UserIds: [WEB],
  });

  expect(recorded()[0]?.detail.requestParameters).toEqual({
    imageId: ImageId,
    launchPermission: { add: { items: [{ userId: WEB }] } },
    attributeType: "launchPermission",
  });
});

test("a call that EC2 refuses is recorded with its error, and a call that only reads is not recorded", async () => {
  const { call, recorded } = aTrail();

  await call("ec2", "DescribeImages", { Owners: ["self"] });
  await expect(call("ec2", "DeregisterImage", { ImageId: "ami-00000000000000000" })).rejects.toThrow();

  expect(recorded()).toHaveLength(1);
  expect(recorded()[0]?.detail).toMatchObject({
    eventName: "DeregisterImage",
    errorCode: "Client.InvalidAMIID.NotFound",
    responseElements: null,
  });
});

test("key policies, resource shares and repository policies are recorded", async () => {
  const { call, recorded } = aTrail();
  const made = await call<{ KeyMetadata: { KeyId: string; Arn: string } }>("kms", "CreateKey", {});
  const { KeyId, Arn } = made.KeyMetadata;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: FACTORY }, Action: "*", Resource: "*" }],
  });

  await call("kms", "PutKeyPolicy", { KeyId, Policy });
  await call("kms", "DisableKey", { KeyId });
  await call("ram", "CreateResourceShare", { name: "channels" });
  await call("ecr", "CreateRepository", { repositoryName: "base" });
  const policyText = Policy.replace(',"Resource":"*"', "");
  await call("ecr", "SetRepositoryPolicy", { repositoryName: "base", policyText });

  const found = recorded().map(({ source, detail }) => `${source} ${detail.eventName}`);
  expect(found).toEqual([
    "aws.kms CreateKey",
    "aws.kms PutKeyPolicy",
    "aws.kms DisableKey",
    "aws.ram CreateResourceShare",
    "aws.ecr CreateRepository",
    "aws.ecr SetRepositoryPolicy",
  ]);
  const [, put, disabled, share, , policy] = recorded().map(({ detail }) => detail);
  expect(put).toMatchObject({
    requestParameters: { keyId: KeyId, policyName: "default", policy: Policy, bypassPolicyLockoutSafetyCheck: false },
    responseElements: null,
    resources: [{ accountId: FACTORY, type: "AWS::KMS::Key", ARN: Arn }],
  });
  expect(disabled).toMatchObject({ requestParameters: { keyId: KeyId }, responseElements: { keyId: Arn } });
  expect(share).toMatchObject({
    requestParameters: { name: "channels" },
    responseElements: { resourceShare: { name: "channels", owningAccountId: FACTORY, status: "ACTIVE" } },
  });
  expect(policy).toMatchObject({
    requestParameters: { repositoryName: "base", policyText, force: false },
    resources: [{ ARN: `arn:aws:ecr:eu-west-1:${FACTORY}:repository/base`, accountId: FACTORY }],
  });
});

test("without a trail nothing is recorded", async () => {
  const { call, recorded } = aTrail({ trail: "none" });

  await call("kms", "CreateKey", {});

  expect(recorded()).toEqual([]);
});
