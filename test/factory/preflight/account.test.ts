// @module-tag deep
import { EC2Client, EnableEbsEncryptionByDefaultCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DisableCommand, Inspector2Client } from "@aws-sdk/client-inspector2";
import {
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from "@aws-sdk/client-organizations";
import { SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { setQuota } from "embedded-aws/state";
import { beforeAll, expect, test } from "vitest";
import { recordCopy } from "../../../adapters/promotion/promotion.ts";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { afterDeployment } from "../../../cli/factory/preflight/after-deployment.ts";
import { type ClientIn, runAll } from "../../../cli/factory/preflight/aws-check.ts";
import { preflight } from "../../../cli/factory/preflight/preflight.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Check } from "../../../core/factory/preflight/check.ts";
import { monthOfInstances } from "../../../demo/instances.ts";
import { imageResourceArn, parseBuildArn } from "../../../events/ids.ts";
import factory from "../../../factory.config.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { type Deployed, deployed, startDeployed } from "../../world/deployed.ts";
import { HOUR } from "../../world/time.ts";

const account = "111122223333";
const home = factory.buildRegion;

let world: Deployed;
beforeAll(async () => {
  world = await startDeployed({ port: 0 });
  return () => world.close();
}, 60_000);

/** `amint preflight` on the world as it is, as the account's root user unless others ask. */
async function look(
  caller = `arn:aws:iam::${account}:root`,
  credentials?: object,
  changes: Partial<Factory> = {},
): Promise<Check[]> {
  const client: ClientIn = (Class, region) => {
    const options = { ...clientOptions(world.options.endpoint, account, region), ...(credentials && { credentials }) };
    return new Class({ ...options, maxAttempts: 1 } as { readonly region: string });
  };
  const blueprint = await readBlueprint();
  // AWS Organizations throttles several runs in one moment of factory time.
  await world.clock.runUntil(world.clock.now() + 10_000);
  return preflight({ factory: { ...factory, ...changes }, blueprint, account, caller, client }, world.ledger);
}

const of = (checks: readonly Check[], check: string) => checks.filter((one) => one.check === check);
const verdicts = (checks: readonly Check[]) => [...new Set(checks.map(({ verdict }) => verdict))];

/** A role with these actions, and `amint preflight` with its credentials. */
async function lookAs(RoleName: string, Action: string[], Deny: string[] = []) {
  const iam = world.client(IAMClient);
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const policy = (Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy([{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }]),
    }),
  );
  const statements = [
    { Effect: "Allow", Action, Resource: "*" },
    ...(Deny.length > 0 ? [{ Effect: "Deny", Action: Deny, Resource: "*" }] : []),
  ];
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument: policy(statements) }));
  const { Credentials, AssumedRoleUser } = await world
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${RoleName}`, RoleSessionName: "ada" }));
  return look(AssumedRoleUser?.Arn, {
    accessKeyId: Credentials?.AccessKeyId,
    secretAccessKey: Credentials?.SecretAccessKey,
    sessionToken: Credentials?.SessionToken,
  });
}

test("a deployed factory in a sound account has nothing that would fail", async () => {
  const checks = await look();

  expect(checks.filter(({ verdict, check }) => verdict !== "fine" && check !== "subscriptions")).toEqual([]);
  expect(of(checks, "subscriptions")).toMatchObject([
    { verdict: "fails", found: "not confirmed: platform@example.com" },
  ]);
  expect(of(checks, "deployed")).toMatchObject([{ found: "yes" }]);
});

test("a deployer with all rights passes, one without them gets the missing ones", async () => {
  const able = await lookAs("able", ["*"]);
  const services = await lookAs("assumes-nothing", ["*"], ["sts:AssumeRole"]);
  const unable = await lookAs("unable", ["*"], ["imagebuilder:CreateComponent", "iam:CreateServiceLinkedRole"]);

  expect(of(able, "deployer-rights")).toMatchObject([
    { verdict: "fine", found: expect.stringMatching(/^all \d\d+ actions/) },
  ]);
  expect(of(unable, "deployer-rights")).toMatchObject([
    {
      verdict: "fails",
      found: expect.stringContaining("imagebuilder:CreateComponent"),
      where: `arn:aws:iam::${account}:role/unable`,
    },
  ]);
  // Services assume the roles that they are given by themselves.
  expect(of(services, "deployer-rights")).toMatchObject([{ verdict: "fine" }]);
  expect(of(able, "service-linked-role")).toMatchObject([{ verdict: "fine" }]);
  expect(of(unable, "service-linked-role")).toMatchObject([{ verdict: "fails" }]);
  // The dry run asks for the right itself.
  expect([...new Set(of(unable, "dry-run").map(({ verdict }) => verdict))]).toEqual(["unknown", "fine"]);
});

test("checks without access are unknown, with the required actions", async () => {
  const checks = await lookAs("blind", ["sts:GetCallerIdentity"]);

  expect(verdicts(checks)).toEqual(["unknown"]);
  expect(of(checks, "inspector")).toMatchObject([
    {
      found: expect.stringMatching(/^access denied: .*inspector2:BatchGetAccountStatus/),
      fix: "use credentials that may call inspector2:BatchGetAccountStatus and inspector2:GetDelegatedAdminAccount",
    },
  ]);
});

test("faults are found where they are, and the others stay fine", async () => {
  const { managementAccountId } = factory.organization;
  const management = new OrganizationsClient(clientOptions(world.options.endpoint, managementAccountId, "us-east-1"));
  const administrator = { AccountId: "444455556666", ServicePrincipal: "inspector2.amazonaws.com" };
  await management.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: administrator.ServicePrincipal }));
  await management.send(new RegisterDelegatedAdministratorCommand(administrator));
  await world.client(Inspector2Client).send(new DisableCommand({ resourceTypes: ["ECR"] }));
  await world.client(EC2Client).send(new EnableEbsEncryptionByDefaultCommand({}));
  setQuota(world.booted.aws, account, home, "L-B99A9384", 10);
  setQuota(world.booted.aws, account, home, "L-1216C47A", 1);
  const QueueUrl = `${world.options.endpoint}/${account}/amint-acme-start-build-dead-letters`;
  await world.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));

  const checks = await look();

  expect(checks.filter(({ verdict }) => verdict === "fails")).toMatchObject([
    { check: "inspector", found: expect.stringContaining("does not scan ECR") },
    { check: "lambda-concurrency", found: expect.stringMatching(/^10 concurrent executions/) },
    { check: "quota", found: expect.stringMatching(/^1, 0 used/) },
    { check: "subscriptions" },
    { check: "dead-letters", found: "amint-acme-start-build-dead-letters: 1" },
  ]);
  expect(of(checks, "ebs-encryption")[0]).toMatchObject({
    verdict: "fine",
    found: `on in ${home}, with alias/aws/ebs`,
  });
});

test("disabled regions, missing parents and revoked trust are found with their path", async () => {
  const management = new OrganizationsClient(
    clientOptions(world.options.endpoint, factory.organization.managementAccountId, "us-east-1"),
  );
  const ServicePrincipal = "ram.amazonaws.com";
  await management.send(new DisableAWSServiceAccessCommand({ ServicePrincipal }));
  const base = factory.images["al2023-base"]!;
  const images = {
    ...factory.images,
    "al2023-base": { ...base, parent: { ssm: "/aws/service/none" } },
    "ubuntu-2404-base": { ...factory.images["ubuntu-2404-base"]!, architecture: "arm64" as const },
  };

  const checks = await look(undefined, undefined, { regions: [home, "us-east-1", "us-east-9"], images });
  const faults = checks.filter(({ verdict }) => verdict === "fails");

  expect(of(faults, "regions")).toMatchObject([{ where: "regions[2]", found: 'AWS has no region "us-east-9"' }]);
  expect(of(faults, "parent")).toMatchObject([
    { where: "images.al2023-base.parent.ssm", found: "no parameter /aws/service/none" },
    { where: "images.ubuntu-2404-base.parent.ssm", found: expect.stringContaining("x86_64") },
  ]);
  expect(of(faults, "trusted-access")).toMatchObject([{ where: "organization o-exampleorgid" }]);
});

const image = "al2023-base";

const finding = (name: string, version: string, fixedInVersion: string) => ({
  severity: "LOW",
  fixAvailable: "YES" as const,
  packageVulnerabilityDetails: {
    vulnerabilityId: "CVE-2026-1",
    vulnerablePackages: [{ name, version, fixedInVersion }],
  },
});

const leftBehind = [
  finding("kernel", "6.1.100", "6.1.200"),
  finding("kernel", "6.1.150", "6.1.200"),
  finding("libvim", "9.0", "9.0+esm2"),
];

test("findings that no rebuild removes are found: two kernels, and a fix that Ubuntu Pro alone has", async () => {
  const { look, world } = await open(leftBehind);
  await world.request(image);
  await world.pass(4 * HOUR);

  const checks = await look();

  expect(checks.filter(({ verdict }) => verdict === "fails")).toMatchObject([
    { check: "old-kernels", where: `images.${image}`, found: "kernel 6.1.100, kernel 6.1.150" },
    { check: "esm", where: `images.${image}`, found: "libvim (fixed in 9.0+esm2)" },
  ]);
});

test("after the deployment preflight finds failed scans, odd copies, silent alarms, old kernels and dead letters, and not before", async () => {
  const { look, world } = await open([]);
  await world.request(image);
  await world.pass(4 * HOUR);

  const sound = await look();
  const build = parseBuildArn(String(world.said("build.started").at(-1)?.build));
  await recordCopy(world.ledger, build, { region: "eu-central-1", copy: imageResourceArn.parse("image/My Copy/1") });
  await world.client(Inspector2Client).send(new DisableCommand({ resourceTypes: ["EC2"] }));
  const TopicArn = `arn:aws:sns:${home}:${account}:amint-acme-notices`;
  const AttributeValue = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  await world
    .client(SNSClient)
    .send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  const QueueUrl = `${world.options.endpoint}/${account}/amint-acme-start-build-dead-letters`;
  await world.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
  await world.request(image);
  await world.pass(4 * HOUR);
  const ill = await look();

  expect(sound.filter(({ verdict }) => verdict !== "fine")).toEqual([]);
  expect(sound.find(({ check }) => check === "scan")?.found).toContain("scan COMPLETED");
  expect(sound.find(({ check }) => check === "copy-arn")?.found).toMatch(/^1 copies, such as arn:aws:imagebuilder:/);
  expect(ill.filter(({ verdict }) => verdict === "fails")).toMatchObject([
    { check: "scan", found: expect.stringMatching(/scan FAILED/) },
    { check: "copy-arn", found: expect.stringContaining("image/My Copy/1") },
    { check: "alarm-actions", found: expect.stringContaining("amint-acme-start-build-dead-letters") },
    { check: "dead-letters", found: "amint-acme-start-build-dead-letters: 1" },
  ]);
});

/** The example factory, whose instances have these findings, and preflight's results for one image and for the rest. */
async function open(findings: readonly ReturnType<typeof finding>[]) {
  const world = await deployed({ port: 0, plan: { ...monthOfInstances, findings: () => findings } });
  const client: ClientIn = (Class, region) =>
    new Class({ ...clientOptions(world.options.endpoint, account, region), maxAttempts: 1 } as {
      readonly region: string;
    });
  const blueprint = await readBlueprint();
  const look = async () => {
    const asked = { factory, blueprint, account, caller: "", client };
    const checks = await runAll(afterDeployment(asked, world.ledger));
    const ofImage = (where: string) => where === `images.${image}` || !where.includes(".");
    return checks.filter(({ where, check }) => check !== "subscriptions" && ofImage(where));
  };
  return { world, look };
}
