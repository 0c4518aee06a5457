import type { ImagePipeline } from "@aws-sdk/client-imagebuilder";
import { describe, expect, test } from "vitest";
import { simulateInstances } from "../../instances.ts";
import { ACCOUNT, aBuilder, builderArn, document, PARENT, REGION } from "./builder.ts";
import { aContainerBuilder } from "./container-builder.ts";

type Builder = Awaited<ReturnType<typeof aBuilder>>;

const DAY = 24 * 60;
const HOUR = 60;
const DAILY = { scheduleExpression: "cron(0 10 * * ? *)" };
const FAILING = { step: () => ({ exitCode: 1 }) };
const ALWAYS = { ...DAILY, pipelineExecutionStartCondition: "EXPRESSION_MATCH_ONLY" };

/** A pipeline with a schedule, and what becomes of it. The clock is at 2026-04-01T08:00Z. */
async function scheduled(
  schedule: object,
  more: Parameters<Builder["pipeline"]>[0] & { prepare?: (builder: Builder) => Promise<unknown> } = {},
) {
  const builder = await aBuilder();
  await more.prepare?.(builder);
  const arn = await builder.pipeline({ ...more, pipeline: { schedule, ...more.pipeline } });
  const shown = async (): Promise<ImagePipeline> => {
    const { imagePipeline = {} } = await builder.builder("GetImagePipeline", { imagePipelineArn: arn });
    return imagePipeline;
  };
  /** When its images were made, and how. */
  const runs = async (): Promise<string[]> => {
    const { imageSummaryList = [] } = await builder.builder("ListImagePipelineImages", { imagePipelineArn: arn });
    return imageSummaryList.map(({ dateCreated, buildType }) => `${dateCreated?.slice(5, 16)} ${buildType}`);
  };
  const update = async (changes: object): Promise<void> => {
    const { imageRecipeArn, infrastructureConfigurationArn } = await shown();
    const settings = { imageRecipeArn, infrastructureConfigurationArn, ...changes };
    await builder.builder("UpdateImagePipeline", { imagePipelineArn: arn, ...settings });
  };
  return { ...builder, arn, shown, runs, update };
}

describe("A pipeline's schedule", () => {
  test("starts builds by the clock, and shows the next run", async () => {
    const { pass, shown, runs, arn, builder } = await scheduled(ALWAYS, {
      pipeline: { imageTags: { source: "schedule" } },
    });

    const before = await shown();
    await pass(2 * DAY);
    const after = await shown();
    const { imagePipelineList } = await builder("ListImagePipelines");
    const { imageSummaryList = [] } = await builder("ListImagePipelineImages", { imagePipelineArn: arn });

    expect(before).toMatchObject({ schedule: ALWAYS, status: "ENABLED", dateNextRun: "2026-04-01T10:00:00.000Z" });
    expect(before.dateLastRun).toBeUndefined();
    expect(after).toMatchObject({
      dateNextRun: "2026-04-03T10:00:00.000Z",
      dateLastRun: "2026-04-02T10:00:00.000Z",
      lastRunStatus: "AVAILABLE",
      consecutiveFailures: 0,
    });
    expect(imagePipelineList).toEqual([after]);
    expect(await runs()).toEqual(["04-01T10:00 SCHEDULED", "04-02T10:00 SCHEDULED"]);
    expect(imageSummaryList).toMatchObject([
      { state: { status: "AVAILABLE" }, tags: { source: "schedule" } },
      { state: { status: "AVAILABLE" }, tags: { source: "schedule" } },
    ]);
  });

  test("is in its time zone, and by default waits for updates of dependencies", async () => {
    const { shown } = await scheduled({ ...DAILY, timezone: "America/New_York" });

    expect(await shown()).toMatchObject({
      dateNextRun: "2026-04-01T14:00:00.000Z",
      schedule: {
        timezone: "America/New_York",
        pipelineExecutionStartCondition: "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
      },
    });
  });

  test("can be a rate, which begins when it is set", async () => {
    const { pass, runs } = await scheduled({ ...ALWAYS, scheduleExpression: "rate(12 hours)" });

    await pass(DAY);

    expect(await runs()).toEqual(["04-01T20:00 SCHEDULED", "04-02T08:00 SCHEDULED"]);
  });

  test("of a disabled pipeline starts nothing; enabled again, it continues at the next time", async () => {
    const { pass, shown, runs, update, start, arn } = await scheduled(ALWAYS, { pipeline: { status: "DISABLED" } });

    await pass(DAY);
    const disabled = await shown();
    await start(arn);
    await update({ schedule: ALWAYS, status: "ENABLED" });
    await pass(DAY);

    expect(disabled.dateNextRun).toBeUndefined();
    expect(await runs()).toEqual(["04-02T08:00 USER_INITIATED", "04-02T10:00 SCHEDULED"]);
  });

  test("is replaced and removed by an update, and ends with its pipeline", async () => {
    const { pass, shown, runs, update, builder, arn, clock } = await scheduled(ALWAYS);

    await update({ schedule: { ...ALWAYS, scheduleExpression: "cron(0 12 * * ? *)" } });
    const replaced = await shown();
    await pass(DAY);
    await update({});
    const removed = await shown();
    await pass(DAY);
    const made = await runs();
    await update({ schedule: ALWAYS });
    await builder("DeleteImagePipeline", { imagePipelineArn: arn });
    await clock.runUntil(clock.now() + 2 * DAY * 60_000);
    const { imageSummaryList } = await builder("ListImageBuildVersions");

    expect(replaced.dateNextRun).toBe("2026-04-01T12:00:00.000Z");
    expect(made).toEqual(["04-01T12:00 SCHEDULED"]);
    expect([removed.schedule, removed.dateNextRun]).toEqual([undefined, undefined]);
    expect(imageSummaryList).toHaveLength(1);
  });

  test("ends after its last year", async () => {
    const { pass, shown, runs } = await scheduled({ ...ALWAYS, scheduleExpression: "cron(0 10 1 4 ? 2026)" });

    await pass(DAY);

    expect(await runs()).toEqual(["04-01T10:00 SCHEDULED"]);
    expect((await shown()).dateNextRun).toBeUndefined();
  });
});

describe("By default a scheduled build starts only with an update", () => {
  test("of a component with a version filter; the first run always builds", async () => {
    const { pass, runs, component } = await scheduled(DAILY, {
      prepare: ({ component }) => component("extra", document("build", "A")),
      recipe: { components: [{ componentArn: builderArn("component/extra/1.x.x") }] },
    });

    await pass(3 * DAY);
    await component("extra", document("build", "A"), "2.0.0");
    await pass(DAY);
    const beforeMatch = await runs();
    await component("extra", document("build", "A", "B"), "1.1.0");
    await pass(2 * DAY);

    expect(beforeMatch).toEqual(["04-01T10:00 SCHEDULED"]);
    expect(await runs()).toEqual(["04-01T10:00 SCHEDULED", "04-05T10:00 SCHEDULED"]);
  });

  test("of the parameter that names its parent", async () => {
    const name = "/imagebuilder/parent";
    const point = async ({ call }: Builder, parent: string): Promise<void> => {
      const from = await call<{ Parameter: { Value: string } }>("ssm", "GetParameter", { Name: parent.slice(4) });
      const { Value } = from.Parameter;
      await call("ssm", "PutParameter", { Name: name, Value, Type: "String", Overwrite: true });
    };
    const world = await scheduled(DAILY, {
      prepare: (builder) => point(builder, PARENT),
      recipe: { parentImage: `ssm:${name}` },
    });

    await world.pass(2 * DAY);
    await point(world, PARENT);
    await world.pass(DAY);
    await point(world, PARENT.replace("x86_64", "arm64"));
    await world.pass(2 * DAY);

    expect(await world.runs()).toEqual(["04-01T10:00 SCHEDULED", "04-04T10:00 SCHEDULED"]);
  });

  test("of the image that is its parent", async () => {
    const world = await scheduled(DAILY, {
      prepare: async ({ builder, recipe, infrastructure, start, pass }) => {
        const imageRecipeArn = await recipe({ name: "parent" });
        const infrastructureConfigurationArn = await infrastructure("parent");
        const resources = { imageRecipeArn, infrastructureConfigurationArn };
        const made = await builder("CreateImagePipeline", { name: "parent", ...resources });
        await start(made.imagePipelineArn ?? "");
        await pass(HOUR);
      },
      recipe: { name: "child", parentImage: builderArn("image/parent/x.x.x") },
    });

    await world.pass(2 * DAY);
    await world.start(builderArn("image-pipeline/parent"));
    await world.pass(2 * DAY);

    expect(await world.runs()).toEqual(["04-01T10:00 SCHEDULED", "04-03T10:00 SCHEDULED"]);
  });

  test("of a container's component", async () => {
    const { containerPipeline, builder, pass, component } = await aContainerBuilder();
    const components = [{ componentArn: builderArn("component/harden/x.x.x") }];
    const imagePipelineArn = await containerPipeline({ schedule: DAILY }, { components });
    const days = async (): Promise<unknown[]> => {
      const { imageSummaryList = [] } = await builder("ListImagePipelineImages", { imagePipelineArn });
      return imageSummaryList.map(({ dateCreated, state }) => [dateCreated?.slice(5, 10), state?.status]);
    };

    await pass(2 * DAY);
    await component("harden", document("build", "Configure", "Verify"), "1.1.0");
    await pass(2 * DAY);

    expect(await days()).toEqual([
      ["04-01", "AVAILABLE"],
      ["04-03", "AVAILABLE"],
    ]);
  });

  test("of its recipe; a build that was started by hand counts as well", async () => {
    const { pass, runs, start, arn, recipe, update } = await scheduled(DAILY);

    await start(arn);
    await pass(2 * DAY);
    await update({ schedule: DAILY, imageRecipeArn: await recipe({ semanticVersion: "1.0.1" }) });
    await pass(2 * DAY);

    expect(await runs()).toEqual(["04-01T08:00 USER_INITIATED", "04-03T10:00 SCHEDULED"]);
  });

  test("or if the last build failed", async () => {
    const { pass, runs, aws } = await scheduled(DAILY);
    simulateInstances(aws, ACCOUNT, REGION, FAILING);

    await pass(2 * DAY);
    simulateInstances(aws, ACCOUNT, REGION, {});
    await pass(2 * DAY);

    expect((await runs()).map((run) => run.slice(0, 5))).toEqual(["04-01", "04-02", "04-03"]);
  });
});

describe("A pipeline that disables itself", () => {
  const policy = { ...ALWAYS, autoDisablePolicy: { failureCount: 2 } };
  const disabling = "EC2 Image Builder Image Pipeline Automatically Disabled";

  test("does so after its number of scheduled failures in a row, and publishes an event", async () => {
    const { pass, shown, runs, events, aws, arn, update } = await scheduled(policy);
    simulateInstances(aws, ACCOUNT, REGION, FAILING);

    await pass(DAY);
    const once = await shown();
    await pass(2 * DAY);
    const twice = await shown();
    await update({ schedule: policy, status: "ENABLED" });
    const updated = await shown();

    expect(once).toMatchObject({ status: "ENABLED", consecutiveFailures: 1, lastRunStatus: "FAILED" });
    expect(twice).toMatchObject({ status: "DISABLED", consecutiveFailures: 2 });
    expect(twice.dateNextRun).toBeUndefined();
    expect(await runs()).toHaveLength(2);
    expect(events.filter((event) => event["detail-type"] === disabling)).toMatchObject([
      { source: "aws.imagebuilder", resources: [arn], detail: { "consecutive-failures": "2" } },
    ]);
    expect(updated).toMatchObject({ consecutiveFailures: 0, dateNextRun: "2026-04-04T10:00:00.000Z" });
  });

  test("does not count failures of builds that were started by hand; any success ends the count", async () => {
    const { pass, shown, aws, arn, start } = await scheduled(policy);
    simulateInstances(aws, ACCOUNT, REGION, FAILING);

    await pass(DAY);
    await start(arn);
    await pass(HOUR);
    const failed = await shown();
    simulateInstances(aws, ACCOUNT, REGION, {});
    await start(arn);
    await pass(HOUR);

    expect(failed).toMatchObject({ status: "ENABLED", consecutiveFailures: 1 });
    expect(await shown()).toMatchObject({ status: "ENABLED", consecutiveFailures: 0 });
  });
});
