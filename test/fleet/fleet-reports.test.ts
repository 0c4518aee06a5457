import {
  CreateImageUsageReportCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { type ReportFault, simulateUsageReports } from "embedded-aws/instances";
import { registerImage } from "embedded-aws/seeds";
import { credentials, TRANSPORTS } from "embedded-aws/testing/clients";
import { anAws, FACTORY, PRODUCTION, REGION, SANDBOX } from "embedded-aws/testing/ec2";
import { expect, test } from "vitest";
import { listReports } from "../../adapters/fleet/fleet-reports.ts";

const HOUR = 3_600_000;
const BOTH = [{ ResourceType: "ec2:Instance" }, { ResourceType: "ec2:LaunchTemplate" }];

/** An AMI that two accounts run, two and one instances, for a day and more. */
async function open() {
  const { aws, clock } = anAws();
  const options = await TRANSPORTS[0]!.connect(aws);
  const client = (account: string) => new EC2Client({ ...options, region: REGION, credentials: credentials(account) });
  const owner = client(FACTORY);
  const addImage = (name: string) =>
    registerImage(aws, FACTORY, REGION, {
      name,
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
  const ImageId = addImage("golden");
  const Add = [{ UserId: PRODUCTION }, { UserId: SANDBOX }];
  await owner.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add } }));
  for (const [account, count] of [[PRODUCTION, 2] as const, [SANDBOX, 1] as const]) {
    const launched = { ImageId, InstanceType: "t3.micro" as const, MinCount: count, MaxCount: count };
    await client(account).send(new RunInstancesCommand(launched));
  }
  const pass = (hours: number) => clock.runUntil(clock.now() + hours * HOUR);
  await pass(25);
  return {
    ImageId,
    addImage,
    owner,
    pass,
    now: () => new Date(clock.now()).toISOString(),
    ask: (input: Partial<CreateImageUsageReportCommand["input"]> = {}) =>
      owner.send(new CreateImageUsageReportCommand({ ImageId, ResourceTypes: BOTH, ...input })),
    goWrong: (how: ReportFault | undefined) => simulateUsageReports(aws, FACTORY, REGION, () => how),
  };
}

const uses = [
  { account: PRODUCTION, instances: 2, launchTemplates: 0 },
  { account: SANDBOX, instances: 1, launchTemplates: 0 },
].toSorted((a, b) => a.account.localeCompare(b.account));

test("the newest report over all accounts counts; a later one that is pending or failed is reported", async () => {
  const { ImageId, owner, ask, pass, goWrong, now } = await open();
  const nothing = await listReports(owner);
  await ask();
  await pass(1);
  const asOf = now();
  await ask();
  const preparing = await listReports(owner);
  await pass(1);
  const prepared = await listReports(owner);
  goWrong("error");
  await ask();
  await pass(1);

  const failed = await listReports(owner);

  expect(nothing.get(ImageId)).toBeUndefined();
  expect(preparing.get(ImageId)).toMatchObject({ newest: { uses }, pendingSince: asOf });
  expect(prepared.get(ImageId)).toEqual({ newest: { asOf, uses } });
  expect(failed.get(ImageId)).toMatchObject({
    newest: { asOf, uses },
    why: expect.stringContaining("failed: The report could not be created"),
  });
});

test("a report on some accounts, or on instances only, is not used for a fleet", async () => {
  const { ImageId, addImage, owner, ask, pass } = await open();
  const other = addImage("other");
  await ask({ AccountIds: [SANDBOX] });
  await ask({ ImageId: other, ResourceTypes: [{ ResourceType: "ec2:Instance" }] });
  await pass(1);

  const reports = await listReports(owner);

  expect(reports.get(ImageId)).toEqual({ why: expect.stringContaining("covers only some accounts") });
  expect(reports.get(other)).toEqual({ why: expect.stringContaining("does not count ec2:LaunchTemplate") });
});
