// @module-tag deep
import { EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

async function printed(factory: FactoryOnAPort, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await factory.amint(...args).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const amiOf = (factory: FactoryOnAPort, region: string): string => {
  const moved = factory.events.find(({ detailType }) => detailType === "channel.moved");
  const regions = (moved?.detail.regions ?? {}) as Record<string, { amiId: string }>;
  return regions[region]?.amiId ?? "none";
};

test("amint shares shows who can launch what, how far that was tried, and where EC2 differs", async () => {
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
  expect(byUnit).toMatch(/Sandbox +3 +OU Sandbox +3 shared, 1 launched +3 shared, 1 launched/);
  expect(byUnit).toContain("stable points at nothing");
  expect(byUnit).toContain(`us-east-1  ${ami}`);
  expect(byAccount).toMatch(/sandbox-ada +200000000001 +Sandbox +OU Sandbox +launched 2026-04-01 08:5\d UTC/);
  expect(byAccount).toMatch(/sandbox-linus +200000000003 +Sandbox +OU Sandbox +shared +shared/);
  expect(csv.split("\r\n")[0]).toBe(
    '"image","channel","build","region","ami","account","name","unit","state","by","by_unit","since","proof","verified_at"',
  );
  expect(csv.trimEnd().split("\r\n")).toHaveLength(3);
  expect(csv).toContain('"200000000001","sandbox-ada","Sandbox","shared","unit","ou-exam-sandbox1"');
  expect(json.channels[0].rows).toHaveLength(6);
  expect(live).toContain("us-east-1: no longer shared with 200000000001, 200000000002, 200000000003");
  expect(live).toContain("us-east-1: 600000000009 can launch it, but the factory did not share it with them");
  expect(live).toMatch(/Sandbox +3 +OU Sandbox +3 shared, 1 launched +0 of 3 shared/);
});
