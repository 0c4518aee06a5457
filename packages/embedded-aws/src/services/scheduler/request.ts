import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { toTheSecond } from "../events/event.ts";
import { type TargetRequest, targetRequest } from "../events/target-request.ts";
import type { Schedule } from "./state.ts";

/** One attempt at one occurrence. */
export interface Invocation {
  readonly schedule: Schedule;
  /** When the schedule was due, in milliseconds; with a flexible window it is invoked later. */
  readonly due: number;
  readonly executionId: string;
  /** From 1 on. */
  readonly attempt: number;
}

/** What the target is asked, with the context attributes of its input filled in. */
export function requestOf(aws: EmbeddedAws, invocation: Invocation): TargetRequest {
  const target = invocation.schedule.settings.Target;
  const arn = target?.Arn ?? "";
  const input = withContext(target?.Input ?? usualInput(aws, invocation), invocation);
  const [, , service = "", region = "", account = ""] = arn.split(":");
  if (service !== "events") return targetRequest(aws, arn, input, target?.SqsParameters?.MessageGroupId);
  const { DetailType, Source } = target?.EventBridgeParameters ?? {};
  const Entries = [{ EventBusName: arn, Detail: input, DetailType, Source }];
  return { service, operation: "PutEvents", region, account, input: { Entries } };
}

/** Scheduler user guide, "Adding context attributes". */
function withContext(text: string, { schedule, due, executionId, attempt }: Invocation): string {
  return text
    .replaceAll("<aws.scheduler.scheduled-time>", toTheSecond(due))
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", String(attempt))
    .replaceAll("<aws.scheduler.schedule-arn>", schedule.arn);
}

/** What a target receives whose schedule says nothing (Scheduler user guide, "Templated targets"). */
function usualInput(aws: EmbeddedAws, { schedule, due }: Invocation): string {
  return JSON.stringify({
    version: "0",
    id: aws.uuid(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: schedule.account,
    time: toTheSecond(due),
    region: schedule.region,
    resources: [schedule.arn],
    detail: "{}",
  });
}
