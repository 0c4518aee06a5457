import { describe, expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { aBuilder } from "./builder.ts";

const DAILY = { scheduleExpression: "cron(0 10 * * ? *)" };

/** The ARN of a pipeline with a schedule, and Image Builder. The clock is at 2026-04-01T08:00Z. */
async function withSchedule(schedule: object) {
  const { builder, pipeline } = await aBuilder();
  return { builder, imagePipelineArn: await pipeline({ pipeline: { schedule } }) };
}

describe("A schedule is refused", () => {
  const refusal = (parameter: string, why: string) =>
    `The value supplied for parameter 'schedule.${parameter}' is not valid. ${why}`;
  const expressions: [string, string][] = [
    // The message of terraform-provider-aws #17396.
    ["cron(0 0 * * 0)", "Invalid CRON expression: error at position 9, details: Unexpected end of expression."],
    [
      "cron(0 0 * * SUN *)",
      "Invalid CRON expression: error at position 0, details: Support for specifying both a day-of-week AND a day-of-month parameter is not implemented.",
    ],
    [
      "cron(0 24 * * ? *)",
      "Invalid CRON expression: error at position 0, details: Illegal cron expression format (0 24 * * ? *).",
    ],
  ];
  test.each(expressions)("with the expression %s", async (scheduleExpression, why) => {
    await expectRefusal(
      withSchedule({ scheduleExpression }),
      "InvalidParameterValueException",
      refusal("scheduleExpression", `Invalid schedule expression. Details: ${why}`),
    );
  });

  test.each(["at(2026-05-01T00:00:00)", "0 10 * * ? *", "rate(1 week)"])(
    "that is neither cron nor rate: %s",
    async (scheduleExpression) => {
      await expectRefusal(
        withSchedule({ scheduleExpression }),
        "InvalidParameterValueException",
        expect.stringContaining("Schedule expressions must have the following syntax: rate("),
      );
    },
  );

  test("with a time zone that does not exist, or an update with one", async () => {
    const { builder, imagePipelineArn } = await withSchedule(DAILY);
    const { imagePipeline = {} } = await builder("GetImagePipeline", { imagePipelineArn });
    const { imageRecipeArn, infrastructureConfigurationArn } = imagePipeline;
    const settings = { imagePipelineArn, imageRecipeArn, infrastructureConfigurationArn };

    for (const refused of [
      withSchedule({ ...DAILY, timezone: "Europe/Atlantis" }),
      builder("UpdateImagePipeline", { ...settings, schedule: { ...DAILY, timezone: "Europe/Atlantis" } }),
    ]) {
      await expectRefusal(
        refused,
        "InvalidParameterValueException",
        refusal("timezone", "'Europe/Atlantis' is not a time zone of the IANA database."),
      );
    }
  });
});

describe("Image Builder's cron differs from Scheduler's", () => {
  test.each([
    ["the second and fourth Saturday", "cron(0 3 ? * sat#2,4 *)", "2026-04-11T03:00:00.000Z"],
    ["L as Sunday", "cron(0 3 ? * L *)", "2026-04-05T03:00:00.000Z"],
    ["names in lower case", "cron(0 3 ? may mon-fri *)", "2026-05-01T03:00:00.000Z"],
  ])("with %s", async (_, scheduleExpression, next) => {
    const { builder, imagePipelineArn } = await withSchedule({ scheduleExpression });
    const { imagePipeline } = await builder("GetImagePipeline", { imagePipelineArn });

    expect(imagePipeline?.dateNextRun).toBe(next);
  });
});
