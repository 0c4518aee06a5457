// @module-tag deep
import { DescribeImagesCommand, EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { DescribeKeyCommand, KMSClient, ListGrantsCommand } from "@aws-sdk/client-kms";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, onTestFinished, test } from "vitest";
import { channelParameterArn, mirrorParameter } from "../../core/names.ts";
import { consumers } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import { account, liveUntilDay, startInProcess } from "../whole/in-process.ts";
import { type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const IMAGE = "al2023-base";
const SANDBOX = ["200000000001", "200000000002", "200000000003"];
const MANAGEMENT = factory.organization.managementAccountId;

test("what a channel points at is read, copied and marked in every region only by the accounts that it reaches", async () => {
  const running = await startInProcess();
  onTestFinished(() => running.close());
  await running.request(IMAGE);
  await liveUntilDay(running, 1);
  const { optionsOf: at, options, events } = running;
  const reads = async (id: string, region: string, Name: string) =>
    new SSMClient(at(id, region)).send(new GetParameterCommand({ Name })).then(
      ({ Parameter }) => Parameter?.Value,
      (error: Error) => error.name,
    );
  const moved = events.find(({ detailType }) => detailType === "channel.moved")?.detail as {
    regions: Record<string, { amiId: string }>;
  };

  const everyAccount = [MANAGEMENT, ...consumers.map(({ id }) => id)];
  const found = await Promise.all(
    factory.regions.map(async (region) => {
      const shared = channelParameterArn({ partition: "aws", region, account }, factory.name, IMAGE, "candidate");
      const copy = mirrorParameter(factory.name, IMAGE, "candidate");
      const who = async (name: string) => {
        const values = await Promise.all(everyAccount.map((id) => reads(id, region, name)));
        return everyAccount.filter((_, nth) => values[nth] === moved.regions[region]?.amiId);
      };
      const ImageIds = [moved.regions[region]?.amiId ?? ""];
      const { Images = [] } = await new EC2Client(at(account, region)).send(new DescribeImagesCommand({ ImageIds }));
      return {
        reading: await who(shared),
        copied: await who(copy),
        marks: Images[0]?.ImageWatermarks?.map(({ WatermarkKey }) => WatermarkKey),
        protection: Images[0]?.DeregistrationProtection,
        imds: Images[0]?.ImdsSupport,
        tags: Images[0]?.Tags?.map(({ Key }) => Key)
          .filter((name) => name?.startsWith("amint:"))
          .toSorted(),
        granted: await grantees(at(account, region)),
      };
    }),
  );

  for (const one of found) {
    expect(one).toEqual({
      reading: SANDBOX,
      copied: SANDBOX,
      marks: [`${account}:amint/${factory.name}-${IMAGE}/candidate`],
      protection: "enabled-without-cooldown",
      imds: "v2.0",
      tags: ["amint:build", "amint:factory", "amint:image", "amint:packages"],
      granted: consumers.map(({ id }) => id).toSorted(),
    });
  }
  expect(found).toHaveLength(2);
  const said = new Set(events.map(({ detailType }) => detailType));
  expect([...said].filter((name) => /failed|drift/.test(name))).toEqual([]);
  expect(await findParked(options)).toEqual([]);
});

/** The accounts with a grant for Auto Scaling on the images' key. */
async function grantees(options: ConstructorParameters<typeof KMSClient>[0]): Promise<string[]> {
  const kms = new KMSClient(options ?? {});
  const KeyId = "alias/amint-acme-images";
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: KeyMetadata?.Arn }));
  return Grants.filter(({ Name }) => Name === "amint-acme-auto-scaling")
    .map(({ GranteePrincipal = "" }) => GranteePrincipal.split(":")[4] ?? "")
    .toSorted();
}

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
