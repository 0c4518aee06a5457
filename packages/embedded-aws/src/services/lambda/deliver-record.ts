import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../engine/principal.ts";
import { deadLetter } from "./dead-letter.ts";
import { destinationRequest, type TargetRequest } from "./destination-request.ts";
import { writeLog } from "./function-logs.ts";
import { recordFunctionMetric } from "./function-metric.ts";
import { type FinishedEvent, invocationRecord } from "./invocation-record.ts";

/** Sends what became of an event to the function's destination, and a lost event to its dead-letter queue. */
export async function deliverRecord(aws: EmbeddedAws, event: FinishedEvent): Promise<void> {
  const { fn, condition } = event;
  const succeeded = condition === "Success";
  const { OnSuccess, OnFailure } = fn.eventInvokeConfig?.DestinationConfig ?? {};
  const destination = (succeeded ? OnSuccess : OnFailure)?.Destination;
  if (destination) {
    const record = invocationRecord(event, aws.clock.now());
    await send(aws, event, destinationRequest(aws, destination, event, record), "DestinationDeliveryFailures");
  }
  if (!succeeded && fn.deadLetterTargetArn) {
    await send(aws, event, deadLetter(aws, fn.deadLetterTargetArn, event), "DeadLetterErrors");
  }
}

/** With the function's role. A refusal shows in a metric, as in AWS, and here in the function's log, with its cause. */
async function send(
  aws: EmbeddedAws,
  { fn, invocation }: FinishedEvent,
  { service, operation, input, region }: TargetRequest,
  failures: "DestinationDeliveryFailures" | "DeadLetterErrors",
): Promise<void> {
  const principal: Principal = rolePrincipal(fn.role, fn.name);
  try {
    await aws.call(service, operation, input, { principal, region });
  } catch (refusal) {
    writeLog(aws, fn, invocation.requestId, `${failures}: ${service}:${operation} for ${fn.arn}: ${String(refusal)}\n`);
    recordFunctionMetric(aws, fn, failures, 1);
  }
}
