// @module-tag deep
import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeKeyCommand, KMSClient, ListGrantsCommand } from "@aws-sdk/client-kms";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, onTestFinished, test } from "vitest";
import { channelParameterArn, mirrorParameter } from "../../core/names.ts";
import { consumers } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import { account, liveUntilDay, startInProcess } from "../whole/in-process.ts";

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
