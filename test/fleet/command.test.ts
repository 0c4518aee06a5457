// @module-tag deep
import {
  CreateLaunchTemplateCommand,
  DeregisterImageCommand,
  DisableImageDeregistrationProtectionCommand,
  EC2Client,
  EnableImageDeprecationCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { simulateUsageReports } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Fleet } from "../../core/fleet/list-fleet.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { account, type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const IMAGE = "ubuntu-2404-base";
const ADA = "200000000001";
const LINUS = "200000000003";

async function printed(factory: FactoryOnAPort, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await factory.amint(...args).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const pass = (factory: FactoryOnAPort, hours: number) => factory.clock.runUntil(factory.clock.now() + hours * HOUR);

interface Made {
  readonly version: string;
  readonly amis: Readonly<Record<string, string>>;
}

/** A build that the candidate channel points at from now on. */
async function promote(factory: FactoryOnAPort): Promise<Made> {
  await factory.send("start-build", { trigger: "manual", image: IMAGE, requestedBy: "ada" });
  await pass(factory, 3);
  const moved = factory.events.findLast(({ detailType }) => detailType === "channel.moved");
  const regions = (moved?.detail.regions ?? {}) as Record<string, { amiId: string }>;
  return {
    version: buildVersion(parseBuildArn(String(moved?.detail.build))),
    amis: Object.fromEntries(Object.entries(regions).map(([region, { amiId }]) => [region, amiId])),
  };
}

const ec2Of = ({ options }: FactoryOnAPort, owner: string, region = "eu-west-1") =>
  new EC2Client({ ...options, region, credentials: { accessKeyId: owner, secretAccessKey: "any" } });

const launch = (factory: FactoryOnAPort, owner: string, { amis }: Made, count: number) =>
  ec2Of(factory, owner).send(
    new RunInstancesCommand({
      ImageId: amis["eu-west-1"],
      InstanceType: "m7i.large",
      MinCount: count,
      MaxCount: count,
    }),
  );

test("amint fleet names the accounts that run an old, a deprecated and a revoked build, and what is unknown", async () => {
  const factory = await startFactory();
  const revoked = await promote(factory);
  await launch(factory, ADA, revoked, 2);
  await pass(factory, 47);
  const old = await promote(factory);
  await launch(factory, LINUS, old, 3);
  await ec2Of(factory, LINUS, "us-east-1").send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: old.amis["us-east-1"] },
    }),
  );
  await pass(factory, 47);
  const newest = await promote(factory);
  await printed(factory, "revoke", `${IMAGE} ${revoked.version}`, "--reason", "a key was left in it");
  await ec2Of(factory, account).send(
    new EnableImageDeprecationCommand({
      ImageId: old.amis["eu-west-1"],
      DeprecateAt: new Date(factory.clock.now() + HOUR),
    }),
  );
  await pass(factory, 48);

  const before = await printed(factory, "fleet");
  simulateUsageReports(factory.booted.aws, account, "us-east-1", (ami) =>
    ami === newest.amis["us-east-1"] ? "error" : undefined,
  );
  const asking = await printed(factory, "fleet", "--image", IMAGE, "--ask");
  const again = await printed(factory, "fleet", "--ask");
  await pass(factory, 1);
  const after = await printed(factory, "fleet");
  const fleet: Fleet = JSON.parse(await printed(factory, "fleet", "--json"));
  const csv = await printed(factory, "fleet", "--csv");
  const affected = await factory.amint("affected", "linux-image-aws").ended;
  const other = await factory.amint("affected", "CVE-2026-77777").ended;
  const unknown = await factory.amint("affected", "no-such-package").ended;
  const notes = await printed(factory, "notes", IMAGE, newest.version, "--since", old.version);
  const kept = JSON.parse(await printed(factory, "notes", IMAGE, newest.version, "--json"));
  const refused = await Promise.all([
    factory.amint("fleet", "--image", "windows").ended,
    factory.amint("fleet", "--json", "--csv").ended,
  ]);

  // Revoking asked for a report on what it revoked, when all instances of it were older than a day.
  expect(before).toContain(`${IMAGE}  2 instances, age p50 4d, p90 4d, oldest 4d`);
  expect(before).not.toContain(LINUS);
  expect(before.replaceAll(/\s+/g, " ")).toContain(
    `no report on ${IMAGE} ${old.version}, ${IMAGE} ${newest.version}: no report was ever requested`,
  );
  expect(asking).toContain("Requested EC2 usage reports on 6 AMIs\nReports take hours");
  expect(again).toContain("Requested EC2 usage reports on 0 AMIs; 6 have one from the last day, or one in preparation");
  // Where a line ends depends on the length of versions.
  expect(again.replaceAll(/\s+/g, " ")).toContain("EC2 has been preparing a report since 2026-04-07");
  expect(again).toContain("newer reports on 1 pending");

  expect(after.split("\n")).toEqual([
    `${IMAGE}  5 instances, age p50 4d, p90 6d, oldest 6d`,
    `  ${revoked.version}  6d old, 2 builds, 4d behind candidate, REVOKED`,
    "    200000000001  sandbox-ada           2 instances  eu-west-1",
    `  ${old.version}  4d old, 1 build, 2d behind candidate, deprecated`,
    "    200000000003  sandbox-linus         3 instances, 1 launch template  eu-west-1, us-east-1",
    "",
    "Still in use, though deprecated or revoked",
    `  ${IMAGE} ${revoked.version}  REVOKED: 2 instances in 1 account`,
    `  ${IMAGE} ${old.version}  deprecated: 3 instances, 1 launch template in 1 account`,
    "",
    "What EC2 reported",
    "  eu-west-1  3 builds as of 2026-04-07 15:00 UTC",
    "  us-east-1  2 builds as of 2026-04-07 15:00 UTC",
    `    no report on ${IMAGE} ${newest.version}: EC2's report of 2026-04-07 failed: The report`,
    "      could not be created because of an internal error.",
    "  Reports may miss the last day's instances, and launch templates of the past few days.",
    "  `amint fleet --ask` requests reports from EC2; they take hours.",
    "",
  ]);
  expect([before, asking, again].flatMap((text) => text.split("\n")).filter((line) => line.length > 100)).toEqual([]);

  expect([affected.code, affected.stderr]).toEqual([2, ""]);
  expect(affected.stdout).toContain(`linux-image-aws  3 of 3 builds have it; in ${IMAGE}/candidate; 5 instances known`);
  expect(affected.stdout).toContain(
    "In use: 5 instances in 2 accounts\n  200000000003  sandbox-linus         3 instances",
  );
  expect(affected.stdout.replaceAll(/\s+/g, " ")).toContain(`${IMAGE} ${newest.version} in us-east-1: EC2's report of`);
  expect([other.code, other.stdout]).toEqual([3, expect.stringContaining("no scan reported it")]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('lists a package "no-such-package"')]);
  expect(notes).toContain(`# \`${IMAGE} ${newest.version}\`\n\nChanges since \`${old.version}\`.`);
  // It entered the candidate channel after the old build: these are the notes that were kept then.
  expect(kept).toMatchObject({
    image: IMAGE,
    since: expect.stringContaining(old.version),
    gate: { verdict: "passed" },
  });
  expect(fleet.rows).toMatchObject([
    { account: ADA, instances: 2, revoked: true, standing: { kind: "behind", builds: 2 } },
    { account: LINUS, instances: 3, launchTemplates: 1, deprecated: true, revoked: false },
  ]);
  expect(fleet.unknown).toMatchObject([{ region: "us-east-1", why: expect.stringContaining("failed") }]);
  expect(csv.trimEnd().split("\r\n")).toEqual([
    expect.stringContaining('"image","build","account","name","region"'),
    `"${IMAGE}","${revoked.version}","${ADA}","sandbox-ada","eu-west-1","2","0","6","2 builds, 4d behind candidate","false","true","2026-04-07T15:00:00.000Z"`,
    `"${IMAGE}","${old.version}","${LINUS}","sandbox-linus","eu-west-1","3","0","4","1 build, 2d behind candidate","true","false","2026-04-07T15:00:00.000Z"`,
    `"${IMAGE}","${old.version}","${LINUS}","sandbox-linus","us-east-1","0","1","4","1 build, 2d behind candidate","true","false","2026-04-07T15:00:00.000Z"`,
  ]);
  expect(refused.map(({ code }) => code)).toEqual([1, 64]);
  expect(refused.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining('no image "windows"'),
    expect.stringContaining("Use either --json or --csv, not both."),
  ]);
});

test("usage of a deregistered AMI is unknown, and a failing EC2 request sets the exit code", async () => {
  const factory = await startFactory();
  const { version, amis } = await promote(factory);
  const ec2 = ec2Of(factory, account, "us-east-1");
  await ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId: amis["us-east-1"] }));
  await pass(factory, 25);
  await ec2.send(new DeregisterImageCommand({ ImageId: amis["us-east-1"] }));

  const asked = await factory.amint("fleet", "--ask").ended;

  expect(asked.code).toBe(1);
  expect(asked.stdout).toContain(`no report on ${IMAGE} ${version}: its AMI no longer exists`);
  expect(asked.stdout).toContain("Requested EC2 usage reports on 1 AMI");
  expect(asked.stdout).toContain(`NOT REQUESTED: ${version} in us-east-1: `);
});
