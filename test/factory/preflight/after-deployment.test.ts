// @module-tag deep
import { DisableCommand, Inspector2Client } from "@aws-sdk/client-inspector2";
import { SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { recordCopy } from "../../../adapters/promotion/promotion.ts";
import { readBlueprint } from "../../../cli/command/blueprint.ts";
import { afterDeployment } from "../../../cli/factory/preflight/after-deployment.ts";
import { type ClientIn, takeAll } from "../../../cli/factory/preflight/look.ts";
import { monthOfInstances } from "../../../demo/instances.ts";
import { imageResourceArn, parseBuildArn } from "../../../events/ids.ts";
import factory from "../../../factory.config.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { deployed } from "../../world/deployed.ts";
import { HOUR } from "../../world/time.ts";

const account = "111122223333";
const home = factory.buildRegion;
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
    const checks = await takeAll(afterDeployment(asked, world.ledger));
    const ofImage = (where: string) => where === `images.${image}` || !where.includes(".");
    return checks.filter(({ where, check }) => check !== "subscriptions" && ofImage(where));
  };
  return { world, look };
}
