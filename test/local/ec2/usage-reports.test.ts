import {
  CreateImageUsageReportCommand,
  CreateLaunchTemplateCommand,
  DescribeImageUsageReportEntriesCommand,
  DescribeImageUsageReportsCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { registerImage } from "../../../local/services/ec2/register-image.ts";
import { credentials, TRANSPORTS } from "../wire/transports.ts";
import { anAws, FACTORY, PRODUCTION, REGION, SANDBOX, STRANGER } from "./an-aws.ts";

const HOUR = 3_600_000;

describe.each(TRANSPORTS)("a report of who uses an image, $name", ({ connect }) => {
  it("says so a while later, per account and kind, and misses what is new", async () => {
    const { aws, clock } = anAws();
    const { options, close } = await connect(aws);
    const client = (account: string) =>
      new EC2Client({ ...options, region: REGION, credentials: credentials(account), maxAttempts: 1 });
    const ImageId = registerImage(aws, FACTORY, REGION, {
      name: "golden",
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
    const owner = client(FACTORY);
    await owner.send(
      new ModifyImageAttributeCommand({
        ImageId,
        LaunchPermission: { Add: [{ UserId: PRODUCTION }, { UserId: SANDBOX }] },
      }),
    );
    const run = async (account: string, count: number) => {
      const launched = { ImageId, InstanceType: "t3.micro" as const, MinCount: count, MaxCount: count };
      const { Instances = [] } = await client(account).send(new RunInstancesCommand(launched));
      return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    };
    const [ended = ""] = await run(PRODUCTION, 3);
    await client(SANDBOX).send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData: { ImageId } }),
    );
    await clock.runUntil(clock.now() + HOUR);
    await client(PRODUCTION).send(new TerminateInstancesCommand({ InstanceIds: [ended] }));
    await clock.runUntil(clock.now() + 73 * HOUR);
    await run(SANDBOX, 1);

    const { ReportId = "" } = await owner.send(
      new CreateImageUsageReportCommand({
        ImageId,
        ResourceTypes: [{ ResourceType: "ec2:Instance" }, { ResourceType: "ec2:LaunchTemplate" }],
        ClientToken: "once",
      }),
    );
    const reports = async () =>
      (await owner.send(new DescribeImageUsageReportsCommand({ ReportIds: [ReportId] }))).ImageUsageReports;
    const pending = await reports();
    const second = owner.send(
      new CreateImageUsageReportCommand({ ImageId, ResourceTypes: [{ ResourceType: "ec2:Instance" }] }),
    );
    await expect(second).rejects.toThrow("limit of pending image usage reports");
    await clock.runUntil(clock.now() + HOUR);
    const { ImageUsageReportEntries = [] } = await owner.send(
      new DescribeImageUsageReportEntriesCommand({ ReportIds: [ReportId] }),
    );
    const done = await reports();
    await close();

    expect(pending).toMatchObject([{ ImageId, State: "pending" }]);
    expect(done).toMatchObject([{ ImageId, State: "available" }]);
    expect(
      ImageUsageReportEntries.map(({ AccountId, ResourceType, UsageCount }) => [AccountId, ResourceType, UsageCount]),
    ).toEqual([
      [PRODUCTION, "ec2:Instance", 2],
      [SANDBOX, "ec2:LaunchTemplate", 1],
    ]);
  });

  it("is its owner's alone, and of what there is", async () => {
    const { aws } = anAws();
    const { options, close } = await connect(aws);
    const client = (account: string) =>
      new EC2Client({ ...options, region: REGION, credentials: credentials(account), maxAttempts: 1 });
    const ImageId = registerImage(aws, FACTORY, REGION, {
      name: "golden",
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
    const ask = (account: string, ResourceType: string, depth?: string) => {
      const ResourceTypeOptions = depth ? [{ OptionName: "version-depth", OptionValues: [depth] }] : undefined;
      return client(account)
        .send(new CreateImageUsageReportCommand({ ImageId, ResourceTypes: [{ ResourceType, ResourceTypeOptions }] }))
        .catch((error: Error) => error.name);
    };

    const answers = [
      await ask(STRANGER, "ec2:Instance"),
      await ask(FACTORY, "ec2:Volume"),
      await ask(FACTORY, "ec2:LaunchTemplate", "0"),
      await client(FACTORY)
        .send(new DescribeImageUsageReportsCommand({ ReportIds: ["imgusgrpt-0123456789abcdef0"] }))
        .catch((error: Error) => error.name),
    ];
    await close();

    expect(answers).toEqual([
      "InvalidAMIID.NotFound",
      "InvalidParameterValue",
      "InvalidParameterValue",
      "InvalidImageUsageReportId.NotFound",
    ]);
  });
});
