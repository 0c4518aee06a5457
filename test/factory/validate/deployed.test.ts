import { CreateStackInstancesCommand, CreateStackSetCommand } from "@aws-sdk/client-cloudformation";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { DisableKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { checkConsumerRoles } from "../../../cli/factory/check-organization.ts";
import type { Finding } from "../../../cli/factory/finding.ts";
import { consumersSchema } from "../../../core/factory/share-schema.ts";
import { HOME } from "../../world/factory-of.ts";
import { keyStatements, openValidated } from "./validated-world.ts";

const alias = `alias/amint-sharing-images in ${HOME}`;
const bus = `bus amint-sharing in ${HOME}`;
const inWords = (findings: readonly Finding[]) => findings.map((one) => `${one.where}: ${one.what}`);

test("a deployed factory with key and bus as the stack makes them has no problems", async () => {
  const world = await openValidated();
  await world.deployBus();
  await world.deployKey(HOME);

  const { findings, deployed } = await world.look();

  expect(findings).toEqual([]);
  expect(deployed).toBe(true);
});

test("regions that are disabled, or do not exist, are found", async () => {
  const world = await openValidated({ regions: [HOME, "eu-south-1", "eu-west-9"] });

  const findings = await world.findings();

  expect(findings).toEqual([
    {
      where: "regions[1]",
      what: "the region eu-south-1 is disabled in the factory's account",
      fix: "aws account enable-region --region-name eu-south-1, and in accounts that launch there",
    },
    { where: "regions[2]", what: 'AWS has no region "eu-west-9"', fix: "change it in factory.config.ts" },
  ]);
});

test("a region without its key is found", async () => {
  const world = await openValidated({ regions: [HOME, "us-east-1"] });
  await world.deployBus();
  await world.deployKey(HOME);

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    "alias/amint-sharing-images in us-east-1: does not exist: images cannot be encrypted in the region",
  ]);
});

test("keys that are of many regions, that are not rotated, and that are off are found", async () => {
  const world = await openValidated({ regions: [HOME, "us-east-1", "eu-west-2"] });
  await world.deployBus();
  const many = await world.deployKey(HOME, { MultiRegion: true, rotated: false });
  const off = await world.deployKey("us-east-1");
  await off.kms.send(new DisableKeyCommand({ KeyId: off.KeyId }));
  const going = await world.deployKey("eu-west-2");
  await going.kms.send(new ScheduleKeyDeletionCommand({ KeyId: going.KeyId }));

  const findings = await world.findings();

  expect(inWords(findings).map((words) => words.replace(/arn:\S+/, "<key>"))).toEqual([
    `${alias}: <key> is a multi-Region key: its copies would share what one of them gives away`,
    `${alias}: <key> is not rotated`,
    "alias/amint-sharing-images in us-east-1: <key> is Disabled",
    "alias/amint-sharing-images in eu-west-2: <key> is PendingDeletion",
  ]);
  expect(findings.map(({ fix }) => fix)).toEqual([
    "deploy the factory again",
    `aws kms enable-key-rotation --key-id ${many.arn}`,
    `aws kms enable-key --key-id ${off.arn}`,
    `aws kms cancel-key-deletion --key-id ${going.arn}, then aws kms enable-key --key-id ${going.arn}`,
  ]);
});

test.each([
  [
    "OrganizationUses",
    "kms:DescribeKey, kms:Decrypt, kms:ReEncryptFrom, kms:ReEncryptTo, kms:GenerateDataKeyWithoutPlaintext",
  ],
  ["OrganizationGrantsToServices", "kms:CreateGrant for AWS services"],
  ["OrganizationGrantsToAutoScaling", "kms:CreateGrant for Auto Scaling"],
])("a key's policy without the statement %s is found, with what it lacks", async (sid, lacking) => {
  const world = await openValidated();
  await world.deployBus();
  await world.deployKey(HOME, { statements: keyStatements.filter(({ Sid }) => Sid !== sid) });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    expect.stringMatching(
      new RegExp(`^${alias}: arn:\\S+ does not let the organization o-exampleorgid do: ${lacking}$`),
    ),
  ]);
});

test("a bus that takes nothing from the management account, and whose rule is off, is found", async () => {
  const world = await openValidated();
  await world.deployBus({ policy: false, state: "DISABLED" });
  await world.deployKey(HOME);

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    `${bus}: takes no events from the management account's role amint-sharing-forward-organization`,
    `${bus}: has no enabled rule for changes of the organization: they are found only when it is read`,
  ]);
});

test("accounts in which the consumer role could not be made, and that were never given it, are found", async () => {
  const world = await openValidated({
    factory: {
      organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
      consumers: { verify: ["400000000001", "200000000001"] },
    },
  });
  await world.deployBus();
  await world.deployKey(HOME);
  const { cloudformation } = world.clients;
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = { Version: "2012-10-17", Statement: [trust] };
  const RoleName = "amint-sharing-consumer";
  // A role of that name was created by hand.
  await new IAMClient(world.optionsOf("400000000001", "us-east-1")).send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) }),
  );
  await cloudformation.send(
    new CreateStackSetCommand({
      StackSetName: RoleName,
      CallAs: "DELEGATED_ADMIN",
      PermissionModel: "SERVICE_MANAGED",
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      TemplateBody: JSON.stringify({
        Resources: { Role: { Type: "AWS::IAM::Role", Properties: { RoleName, AssumeRolePolicyDocument } } },
      }),
    }),
  );
  await cloudformation.send(
    new CreateStackInstancesCommand({
      StackSetName: RoleName,
      CallAs: "DELEGATED_ADMIN",
      Regions: [HOME],
      DeploymentTargets: { OrganizationalUnitIds: ["ou-exam-workload"] },
    }),
  );

  await expect.poll(async () => (await world.findings()).length, { timeout: 30_000, interval: 200 }).toBe(2);
  const findings = await world.findings();

  const words = inWords(findings);
  expect(words[0]).toMatch(
    /^account 400000000001: the role amint-sharing-consumer is not as it should be: .*already exists/,
  );
  expect(words.at(-1)).toBe("account 200000000001: has no role amint-sharing-consumer: nothing can be tried there");
  const consumers = consumersSchema.parse({
    verify: ["400000000001"],
    rollout: { templateVersions: ["400000000002", "200000000001"] },
  });
  expect(inWords(await checkConsumerRoles("sharing", consumers, cloudformation)).slice(1)).toEqual([
    "account 200000000001: has no role amint-sharing-rollout, although it is in consumers.rollout.templateVersions: no roll-out reaches its groups",
  ]);
});

test("keys that are given are looked at before the factory is deployed", async () => {
  const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  const world = await openValidated({
    regions: [HOME, "us-east-1"],
    factory: { keys: { [HOME]: `arn:aws:kms:${HOME}:111122223333:key/${id}` } },
  });

  const findings = await world.findings();

  expect(findings).toEqual([
    {
      where: `keys.${HOME}`,
      what: "does not exist: images cannot be encrypted in the region",
      fix: "change the key, or name another one in factory.config.ts",
    },
  ]);
});
