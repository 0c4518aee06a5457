import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { rolePrincipal } from "../../engine/principal.ts";
import { backoffMs, exhausted, retryLimits, textAttributes } from "../events/deliver.ts";
import { toTheSecond } from "../events/event.ts";
import { type TargetRequest, targetRequest } from "../events/target-request.ts";
import type { Schedule } from "./state.ts";

/** Calls a schedule's target with the target's role; on failure retries, or sends it to the dead-letter queue. */
export function invokeTarget(aws: EmbeddedAws, schedule: Schedule, due: number): Promise<void> {
  return attempt(aws, { schedule, due, executionId: aws.hexId(16), attempt: 1 }, aws.clock.now());
}

async function attempt(aws: EmbeddedAws, invocation: Invocation, since: number): Promise<void> {
  const target = invocation.schedule.settings.Target;
  const request = requestOf(aws, invocation);
  const principal = rolePrincipal(target?.RoleArn ?? "", "AmazonEventBridgeScheduler");
  try {
    await aws.call(request.service, request.operation, request.input, { principal, region: request.region });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
    const retries = invocation.attempt - 1;
    const wait = backoffMs(retries);
    const condition = exhausted(retryLimits(target?.RetryPolicy), retries, since, aws.clock.now() + wait);
    if (condition) return sendDeadLetter(aws, invocation, request.input, error, condition);
    aws.clock.after(wait, () => attempt(aws, { ...invocation, attempt: invocation.attempt + 1 }, since));
  }
}

/**
 * The failed request with the reason as message attributes, sent with the target's role (Scheduler user guide,
 * "Configuring a schedule's dead-letter queue").
 */
async function sendDeadLetter(
  aws: EmbeddedAws,
  { schedule, due, executionId, attempt: attempts }: Invocation,
  input: object,
  failure: AwsError,
  condition: string,
): Promise<void> {
  const target = schedule.settings.Target;
  if (target?.DeadLetterConfig?.Arn === undefined) return;
  const request = targetRequest(aws, target.DeadLetterConfig.Arn, asText(input));
  const MessageAttributes = textAttributes({
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: executionId,
    EXHAUSTED_RETRY_CONDITION: condition,
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(attempts - 1),
    SCHEDULED_TIME: toTheSecond(due),
    SCHEDULE_ARN: schedule.arn,
    TARGET_ARN: target.Arn,
  });
  const principal = rolePrincipal(target.RoleArn ?? "", "AmazonEventBridgeScheduler");
  try {
    await aws.call(
      "sqs",
      "SendMessage",
      { ...request.input, MessageAttributes },
      { principal, region: request.region },
    );
  } catch (error) {
    // As in AWS, the event is lost if the role cannot write to the queue.
    if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
  }
}

const asText = (input: object): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(input).map(([name, value]: [string, unknown]) => [
        name,
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      ]),
    ),
  );

/** One attempt at one occurrence. */
interface Invocation {
  readonly schedule: Schedule;
  /** When the schedule was due, in milliseconds; with a flexible window it is invoked later. */
  readonly due: number;
  readonly executionId: string;
  /** From 1. */
  readonly attempt: number;
}

/** The request to the target, with the context attributes in its input resolved. */
function requestOf(aws: EmbeddedAws, invocation: Invocation): TargetRequest {
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

/** The default input of a target (Scheduler user guide, "Templated targets"). */
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
