import type { Operation } from "embedded-aws";
import { ACCOUNT, newEvents, REGION, START } from "embedded-aws/testing/events";
import { expect, test } from "vitest";
import { patchTuesday, scheduleSchema } from "../../../core/factory/schedule-schema.ts";
import { expressionOf, nextDates } from "../../../core/schedule/next-dates.ts";
import { isPatchDay } from "../../../core/schedule/patch-day.ts";

test("a patch night late in the evening stays one when its window lets it begin after midnight", async () => {
  const schedule = scheduleSchema.parse(
    patchTuesday({ plusDays: 1, at: "23:50", timezone: "Europe/Zurich", window: "2h" }),
  );
  if (schedule.kind !== "patch-tuesday") throw new Error("not a patch night");
  const invocations: { readonly at: Date; readonly scheduledTime: Date }[] = [];
  const Invoke: Operation<{ Payload: Uint8Array }> = {
    run({ Payload }, { aws }) {
      const { scheduledTime } = JSON.parse(Buffer.from(Payload).toString());
      invocations.push({ at: new Date(aws.clock.now()), scheduledTime: new Date(scheduledTime) });
      return {};
    },
  };
  const { clock, scheduler } = newEvents({ lambda: { Invoke: Invoke as Operation } });

  await scheduler("CreateSchedule", {
    Name: "build-base",
    ScheduleExpression: expressionOf(schedule),
    ScheduleExpressionTimezone: schedule.timezone,
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: (schedule.window ?? 0) / 60 },
    Target: {
      Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start-build`,
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/acme-schedules`,
      Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
    },
  });
  await clock.runUntil(START + 365 * 24 * 3_600_000);

  const nights = invocations.filter(({ scheduledTime }) => isPatchDay(schedule, scheduledTime));
  expect(invocations).toHaveLength(12 * 7);
  expect(nights.map(({ scheduledTime }) => scheduledTime)).toEqual(nextDates(schedule, new Date(START), 12));
  const late = ({ at, scheduledTime }: (typeof nights)[number]) => at.getTime() - scheduledTime.getTime();
  expect(invocations.every((invocation) => late(invocation) >= 0 && late(invocation) < 2 * 3_600_000)).toBe(true);
  expect(nights.filter(({ at }) => !isPatchDay(schedule, at)).length).toBeGreaterThan(6);
});
