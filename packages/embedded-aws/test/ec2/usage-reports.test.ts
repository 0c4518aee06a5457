import { describe, expect, it } from "vitest";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { injectFaults } from "../../src/faults/inject-faults.ts";
import { simulateUsageReports } from "../../src/services/ec2/usage-reports/usage-report.ts";
import { codeOf, refusalOf } from "../expect-refusal.ts";
import { TRANSPORTS } from "../wire/transports.ts";
import { anAws, anImage, ec2Clients, FACTORY, PRODUCTION, REGION, SANDBOX, STRANGER } from "./an-aws.ts";

const HOUR = 3_600_000;

describe.each(TRANSPORTS)("a report of the accounts that use an image, $name", ({ connect }) => {
  it("is complete a while later, per account and type, without recent activity", async () => {
    const { aws, clock } = anAws();
    const client = await ec2Clients(connect, aws);
    const ImageId = anImage(aws, "golden");
    const owner = client(FACTORY);
    await owner.modifyImageAttribute({
      ImageId,
      LaunchPermission: { Add: [{ UserId: PRODUCTION }, { UserId: SANDBOX }] },
    });
    const run = async (account: string, count: number) => {
      const launched = { ImageId, InstanceType: "t3.micro" as const, MinCount: count, MaxCount: count };
      const { Instances = [] } = await client(account).runInstances(launched);
      return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    };
    const [ended = ""] = await run(PRODUCTION, 3);
    await client(SANDBOX).createLaunchTemplate({ LaunchTemplateName: "web", LaunchTemplateData: { ImageId } });
    await clock.runUntil(clock.now() + HOUR);
    await client(PRODUCTION).terminateInstances({ InstanceIds: [ended] });
    await clock.runUntil(clock.now() + 73 * HOUR);
    await run(SANDBOX, 1);

    const { ReportId = "" } = await owner.createImageUsageReport({
      ImageId,
      ResourceTypes: [{ ResourceType: "ec2:Instance" }, { ResourceType: "ec2:LaunchTemplate" }],
      ClientToken: "once",
    });
    const reports = async () => (await owner.describeImageUsageReports({ ReportIds: [ReportId] })).ImageUsageReports;
    const pending = await reports();
    const second = owner.createImageUsageReport({ ImageId, ResourceTypes: [{ ResourceType: "ec2:Instance" }] });
    await expect(second).rejects.toThrow("limit of pending image usage reports");
    await clock.runUntil(clock.now() + HOUR);
    const { ImageUsageReportEntries = [] } = await owner.describeImageUsageReportEntries({ ReportIds: [ReportId] });
    const done = await reports();

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
    const client = await ec2Clients(connect, aws);
    const ImageId = anImage(aws, "golden");
    const ask = (account: string, ResourceType: string, depth?: string) => {
      const ResourceTypeOptions = depth ? [{ OptionName: "version-depth", OptionValues: [depth] }] : undefined;
      const ResourceTypes = [{ ResourceType, ResourceTypeOptions }];
      return codeOf(client(account).createImageUsageReport({ ImageId, ResourceTypes }));
    };

    const answers = [
      await ask(STRANGER, "ec2:Instance"),
      await ask(FACTORY, "ec2:Volume"),
      await ask(FACTORY, "ec2:LaunchTemplate", "0"),
      await codeOf(client().describeImageUsageReports({ ReportIds: ["imgusgrpt-0123456789abcdef0"] })),
    ];

    expect(answers).toEqual([
      "InvalidAMIID.NotFound",
      "InvalidParameterValue",
      "InvalidParameterValue",
      "InvalidImageUsageReportId.NotFound",
    ]);
  });
});

describe("a report that fails", () => {
  const ResourceTypes = [{ ResourceType: "ec2:Instance" }];
  const DAY = 24 * HOUR;

  interface Report {
    readonly ImageId: string;
    readonly State: string;
    readonly StateReason?: string;
  }

  function threeImages() {
    const world = anAws();
    const [good, failing, stuck] = [
      anImage(world.aws, "good"),
      anImage(world.aws, "failing"),
      anImage(world.aws, "stuck"),
    ];
    const ask = (ImageId: string, more: object = {}) =>
      world.by("ec2")("CreateImageUsageReport", { ImageId, ResourceTypes, ...more });
    const reports = async () =>
      (await world.by("ec2")<{ ImageUsageReports: Report[] }>("DescribeImageUsageReports")).ImageUsageReports;
    return { ...world, good, failing, stuck, ask, reports };
  }

  it("has the state error, or stays pending; neither has entries", async () => {
    const { aws, clock, by, good, failing, stuck, ask, reports } = threeImages();
    simulateUsageReports(aws, FACTORY, REGION, (id) =>
      id === failing ? "error" : id === stuck ? "pending" : undefined,
    );
    for (const id of [good, failing, stuck]) await ask(id);

    await clock.runUntil(clock.now() + DAY);
    const dayLater = await reports();
    const { ImageUsageReportEntries } = await by("ec2")<{ ImageUsageReportEntries: object[] }>(
      "DescribeImageUsageReportEntries",
    );
    const again = [await refusalOf(ask(stuck)), await ask(failing)];
    await clock.runUntil(clock.now() + 29 * DAY);
    const monthLater = await reports();

    expect(dayLater).toMatchObject([
      { ImageId: good, State: "available" },
      { ImageId: failing, State: "error", StateReason: expect.stringContaining("could not be created") },
      { ImageId: stuck, State: "pending" },
    ]);
    expect(dayLater[0]).not.toHaveProperty("StateReason");
    expect(ImageUsageReportEntries).toEqual([]);
    expect(again).toMatchObject([
      { code: "ResourceLimitExceeded" },
      { ReportId: expect.stringMatching(/^imgusgrpt-/) },
    ]);
    expect(monthLater.map(({ ImageId }) => ImageId)).toEqual([failing]);
  });

  it("fails by a fault plan only for callers in a role", async () => {
    const { aws, clock, good, failing, stuck, ask, reports } = threeImages();
    const asRole = (ImageId: string) =>
      aws.call(
        "ec2",
        "CreateImageUsageReport",
        { ImageId, ResourceTypes },
        { principal: rolePrincipal(`arn:aws:iam::${FACTORY}:role/retire`, "retire"), region: REGION },
      );
    const end = injectFaults(aws, { seed: 1, reportsFailed: 1 });
    await asRole(failing);
    end();
    injectFaults(aws, { seed: 1, reportsStuck: 1 });
    await asRole(stuck);
    await ask(good);

    await clock.runUntil(clock.now() + DAY);

    expect((await reports()).map(({ ImageId, State }) => [ImageId, State])).toEqual([
      [failing, "error"],
      [stuck, "pending"],
      [good, "available"],
    ]);
  });

  it("was never begun where an account is none, or a tag is for something else", async () => {
    const { good, ask } = threeImages();
    const tags = (ResourceType: string) => ({
      TagSpecifications: [{ ResourceType, Tags: [{ Key: "team", Value: "platform" }] }],
    });

    const refused = [await refusalOf(ask(good, { AccountIds: ["12345"] })), await refusalOf(ask(good, tags("image")))];

    expect(refused.map(({ code }) => code)).toEqual(["InvalidParameterValue", "InvalidParameterValue"]);
  });

  it("can be tagged, as other resources are", async () => {
    const { aws, by, stuck, ask } = threeImages();
    simulateUsageReports(aws, FACTORY, REGION, () => "pending");
    const { ReportId } = (await ask(stuck)) as { ReportId: string };
    await by("ec2")("CreateTags", { Resources: [ReportId], Tags: [{ Key: "team", Value: "platform" }] });

    const { Tags } = await by("ec2")("DescribeTags");

    expect(Tags).toEqual([
      { Key: "team", Value: "platform", ResourceId: ReportId, ResourceType: "image-usage-report" },
    ]);
  });
});
