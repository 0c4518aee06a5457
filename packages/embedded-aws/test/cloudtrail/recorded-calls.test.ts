import { expect, test } from "vitest";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
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

const QueueUrl = `http://127.0.0.1:4566/${FACTORY}/drift`;

/** A rule of one region that sends what it matches to a queue; nothing else watches. */
async function aRule(detail: object) {
  const world = aTrail({}, { watched: false });
  const where = { region: "eu-central-1" };
  const call = (service: string, operation: string, input: object) => world.call(service, operation, input, where);
  await call("sqs", "CreateQueue", { QueueName: "drift" });
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy } });
  const EventPattern = JSON.stringify({ "detail-type": ["AWS API Call via CloudTrail"], detail });
  await call("events", "PutRule", { Name: "drift", EventPattern });
  const Arn = `arn:aws:sqs:eu-central-1:${FACTORY}:drift`;
  await call("events", "PutTargets", { Rule: "drift", Targets: [{ Id: "queue", Arn }] });
  const arrived = async () => {
    await world.pass(60_000);
    const { Messages = [] } = (await call("sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 })) as {
      Messages?: { Body: string }[];
    };
    return Messages.map(({ Body }) => JSON.parse(Body).detail.eventName);
  };
  return { ...world, call, arrived };
}

test("a rule gets the calls that it names, in its region, and no others", async () => {
  const { call, imageIn, arrived } = await aRule({ eventName: ["DisableImage", "CreateKey"] });

  await call("ec2", "DisableImage", { ImageId: imageIn("eu-central-1") });
  await call("ec2", "EnableImage", { ImageId: "ami-00000000000000000" }).catch(() => undefined);
  await call("kms", "CreateKey", {});

  expect((await arrived()).sort()).toEqual(["CreateKey", "DisableImage"]);
});

test("a rule can ask for what is known only once the event is made", async () => {
  const { call, arrived } = await aRule({
    errorCode: [{ exists: false }],
    $or: [{ eventSource: ["ram.amazonaws.com"] }, { requestParameters: { name: ["x"] } }],
  });

  await call("ram", "CreateResourceShare", { name: "channels" });
  await call("ram", "DeleteResourceShare", { resourceShareArn: "none" }).catch(() => undefined);

  expect(await arrived()).toEqual(["CreateResourceShare"]);
});

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
