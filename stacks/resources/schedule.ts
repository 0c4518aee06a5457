import { logicalName, resourceName } from "./deployment.ts";
import { serviceRole } from "./grant.ts";
import type { AsyncFunction } from "./lambda-function.ts";

interface ScheduleSettings {
  readonly description: string;
  readonly expression: string;
  readonly timezone: string;
  /** The flexible time window in seconds; by default Scheduler invokes within the minute. */
  readonly window?: number | undefined;
  readonly input: object;
}

/**
 * EventBridge Scheduler replaces it with the scheduled time, so that a late or repeated invocation is recognized. With a
 * flexible window it is still the expression's time, not the invocation's.
 */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** Creates schedules of a function, all with one role. */
export function scheduler(target: AsyncFunction, name: string) {
  const role = serviceRole(`${name}-scheduler`, "scheduler.amazonaws.com", {
    bySourceAccount: true,
    grants: [
      { actions: ["lambda:InvokeFunction"], resources: [target.arn] },
      { actions: ["sqs:SendMessage"], resources: [target.deadLetters.arn] },
    ],
  });
  return (
    schedule: string,
    { description, expression, timezone, window, input }: ScheduleSettings,
  ): aws.scheduler.Schedule =>
    new aws.scheduler.Schedule(`${logicalName(schedule)}Schedule`, {
      name: resourceName(schedule),
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: timezone,
      flexibleTimeWindow:
        window === undefined ? { mode: "OFF" } : { mode: "FLEXIBLE", maximumWindowInMinutes: window / 60 },
      state: "ENABLED",
      target: {
        arn: target.arn,
        roleArn: role.arn,
        input: JSON.stringify(input),
        deadLetterConfig: { arn: target.deadLetters.arn },
        retryPolicy: { maximumEventAgeInSeconds: 6 * 3600, maximumRetryAttempts: 20 },
      },
    });
}

/** A schedule for a function that checks everything on each run. */
export const scheduleFunction = (
  target: AsyncFunction,
  name: string,
  settings: Pick<ScheduleSettings, "description" | "expression" | "window">,
): aws.scheduler.Schedule =>
  scheduler(target, name)(name, { ...settings, timezone: "UTC", input: { scheduledTime: SCHEDULED_TIME } });
