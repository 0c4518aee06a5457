import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Activity, autoScalingState, type Group } from "./state.ts";

export const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Notes what a group begins to do. */
export function beginActivity(
  aws: EmbeddedAws,
  group: Group,
  begun: Pick<Activity, "description" | "cause" | "details">,
): Activity {
  const activity: Activity = {
    id: aws.uuid(),
    group: group.name,
    groupArn: group.arn,
    ...begun,
    startedAt: aws.clock.now(),
    endedAt: undefined,
    status: "InProgress",
    message: undefined,
    progress: 50,
  };
  aws.state(autoScalingState, group.account, group.region).activities.push(activity);
  return activity;
}

/** @param message why it failed or was cancelled; the description repeats it, as AWS's does */
export function endActivity(
  aws: EmbeddedAws,
  activity: Activity,
  status: "Successful" | "Failed" | "Cancelled",
  message?: string,
): void {
  activity.status = status;
  activity.endedAt = aws.clock.now();
  activity.progress = 100;
  activity.message = message;
  if (message) activity.description += `.  Status Reason: ${message}`;
}
