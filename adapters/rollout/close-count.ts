import { CreateScheduleCommand, DeleteScheduleCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import { unlessError } from "../unless-error.ts";

/** What the schedule of close counts invokes, and as which role. */
export interface CloseCount {
  /** The stack's schedule group: EventBridge Scheduler deletes the schedule with it. */
  readonly group: string;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly deadLettersArn: string;
}

const NAME = "closely";

const MINUTES = 5;

/** Creates the schedule, which invokes the function every five minutes from now on, unless it exists. */
export async function startCloseCount(client: SchedulerClient, to: CloseCount, now: Date): Promise<void> {
  const create = new CreateScheduleCommand({
    Name: NAME,
    GroupName: to.group,
    Description: "Counts the instances that still have an advisory, while its fix reaches them",
    ScheduleExpression: `rate(${MINUTES} minutes)`,
    // Without a start date the first invocation would be now (EventBridge Scheduler user guide, "Rate-based schedules").
    StartDate: new Date(now.getTime() + MINUTES * 60_000),
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: to.functionArn,
      RoleArn: to.roleArn,
      Input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>", closely: true }),
      DeadLetterConfig: { Arn: to.deadLettersArn },
      RetryPolicy: { MaximumEventAgeInSeconds: 6 * 3600, MaximumRetryAttempts: 20 },
    },
  });
  await unlessError(client.send(create), /^ConflictException$/);
}

/** Deletes the schedule, if it exists. */
export async function endCloseCount(client: SchedulerClient, { group }: Pick<CloseCount, "group">): Promise<void> {
  await unlessError(
    client.send(new DeleteScheduleCommand({ Name: NAME, GroupName: group })),
    /^ResourceNotFoundException$/,
  );
}
