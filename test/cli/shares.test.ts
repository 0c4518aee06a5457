import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { HOUR, type FactoryOnAPort, startFactory } from "./running-factory.ts";

const SLOW = { timeout: 300_000 };

async function printed(factory: FactoryOnAPort, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await factory.amint(...args).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const amiOf = (factory: FactoryOnAPort, region: string): string => {
  const moved = factory.events.find(({ detailType }) => detailType === "channel.moved");
  return (moved?.detail.regions as Record<string, { amiId: string }>)[region]?.amiId ?? "none";
};

test("amint shares shows who can launch what, how far that was tried, and where EC2 differs", SLOW, async () => {
  const factory = await startFactory();
  await factory.send("start-build", { trigger: "manual", image: "ubuntu-2404-base", requestedBy: "ada" });
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const ami = amiOf(factory, "us-east-1");

  const byUnit = await printed(factory, "shares", "ubuntu-2404-base");
  const byAccount = await printed(factory, "shares", "ubuntu-2404-base", "--channel", "candidate", "--accounts");
  const csv = await printed(factory, "shares", "ubuntu-2404-base", "--csv", "--account", "200000000001");
  const json = JSON.parse(await printed(factory, "shares", "ubuntu-2404-base", "--json"));
  const ec2 = new EC2Client({ ...factory.options, region: "us-east-1" });
  const [unit] = json.channels[0].rows.map(({ by }: { by: { id: string } }) => by.id);
  await ec2.send(
    new ModifyImageAttributeCommand({
      ImageId: ami,
      LaunchPermission: {
        Add: [{ UserId: "600000000009" }],
        Remove: [{ OrganizationalUnitArn: `arn:aws:organizations::999988887777:ou/o-exampleorgid/${unit}` }],
      },
    }),
  );
  const live = await printed(factory, "shares", "ubuntu-2404-base", "--live");

  expect(byUnit).toMatch(/candidate is \S+ since 2026-04-01 08:5\d UTC/);
  expect(byUnit).toMatch(/Sandbox +3 +unit Sandbox +3 shared, 1 launched +3 shared, 1 launched/);
  expect(byUnit).toContain("stable points at nothing");
  expect(byUnit).toContain(`us-east-1  ${ami}`);
  expect(byAccount).toMatch(/sandbox-ada +200000000001 +Sandbox +unit Sandbox +launched 2026-04-01 08:5\d UTC/);
  expect(byAccount).toMatch(/sandbox-linus +200000000003 +Sandbox +unit Sandbox +shared +shared/);
  expect(csv.split("\r\n")[0]).toBe(
    '"image","channel","build","region","ami","account","name","unit","state","by","by_unit","since","proof","verified_at"',
  );
  expect(csv.trimEnd().split("\r\n")).toHaveLength(3);
  expect(csv).toContain('"200000000001","sandbox-ada","Sandbox","shared","unit","ou-exam-sandbox1"');
  expect(json.channels[0].rows).toHaveLength(6);
  expect(live).toContain("us-east-1: not shared with 200000000001, 200000000002, 200000000003 any more");
  expect(live).toContain("us-east-1: 600000000009 can launch it, and the factory did not share it with them");
  expect(live).toMatch(/Sandbox +3 +unit Sandbox +3 shared, 1 launched +0 of 3 shared/);
});

test("amint promote runs a promotion again that failed over a key's policy, and refuses before and afterwards", SLOW, async () => {
  const factory = await startFactory();
  const kms = new KMSClient({ ...factory.options, region: "us-east-1" });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/amint-acme-images" }));
  const KeyId = KeyMetadata?.KeyId;
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const policy = JSON.parse(Policy) as { Statement: { Sid: string }[] };
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== "OrganizationUses");
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ ...policy, Statement }) }));
  await factory.send("start-build", { trigger: "manual", image: "ubuntu-2404-base", requestedBy: "ada" });
  const build = async () => {
    await factory.told("build.started");
    const started = factory.events.find(({ detailType }) => detailType === "build.started");
    return `ubuntu-2404-base ${String(started?.detail.build).split("/").slice(2).join("/")}`;
  };
  const asked = await build();
  const early = await factory.amint("promote", asked).ended;
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const failed = factory.events.filter(({ detailType }) => detailType === "promotion.failed").length;
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));

  const again = await printed(factory, "promote", asked, "--reason", "the key's policy is whole again");
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const late = await factory.amint("promote", asked).ended;

  expect(early.stderr).toContain("it is being built; it is promoted by itself when it has passed its gate");
  expect(failed).toBe(1);
  expect(again).toMatch(/^ubuntu-2404-base \S+ is being promoted again \(attempt 2\)/);
  expect(factory.events.filter(({ detailType }) => detailType === "channel.moved")).toHaveLength(1);
  // The second attempt is the one that is asked for again: it runs once.
  expect(late.stdout).toContain("attempt 2");
  expect(factory.events.filter(({ detailType }) => detailType === "gate.passed")).toHaveLength(2);
});
