import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { isThrottled } from "./concurrency.ts";
import { type Condition, deliverRecord, type FinishedEvent } from "./deliver-record.ts";
import type { Invocation, Outcome } from "./function-runner.ts";
import { recordFunctionMetric } from "./function-telemetry.ts";
import { runFunction } from "./run-function.ts";
import { functions, type LambdaFunction } from "./state.ts";

/**
 * Waits before the second and the third attempt (developer guide, "How Lambda handles errors and retries with
 * asynchronous invocation").
 */
const RETRY_AFTER_MS = [60_000, 120_000] as const;

/**
 * Lambda's defaults and limits: six hours, two retries; throttled events are retried after 1 s, with delays up to 5
 * min.
 */
const MAXIMUM_AGE_S = 21_600;

const MAXIMUM_RETRIES = 2;

const FIRST_BACKOFF_MS = 1_000;

const LONGEST_BACKOFF_MS = 300_000;

/** An event in Lambda's queue. */
interface QueuedEvent {
  readonly fn: LambdaFunction;
  readonly invocation: Invocation;
  readonly acceptedAt: number;
  /** Runs so far. */
  attempts: number;
  throttles: number;
  /** Of the last run. */
  outcome: Outcome | undefined;
}

/** Queues an event: from now on Lambda delivers it at least once, until it is too old or failed too often. */
export function acceptEvent(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): void {
  const event = { fn, invocation, acceptedAt: aws.clock.now(), attempts: 0, throttles: 0, outcome: undefined };
  recordFunctionMetric(aws, fn, "AsyncEventsReceived", 1);
  aws.clock.after(0, () => attempt(aws, event));
}

/**
 * Sends an event of a recursive loop to the dead-letter queue instead of running it (developer guide, "recursive loop
 * detection").
 */
export function stopLoop(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): void {
  const event = { fn, invocation, condition: "RecursiveInvocation", invokeCount: 0, outcome: undefined } as const;
  recordFunctionMetric(aws, fn, "AsyncEventsReceived", 1);
  aws.clock.after(0, () => deliverRecord(aws, event));
}

async function attempt(aws: EmbeddedAws, event: QueuedEvent): Promise<void> {
  const { fn } = event;
  // Deleted meanwhile, with its role.
  if (aws.state(functions, fn.account, fn.region).get(fn.name) !== fn) return;
  if (fn.reservedConcurrency === 0) return await drop(aws, event, "ZeroReservedConcurrency");
  if (isThrottled(aws, fn)) return await backOff(aws, event);
  event.attempts++;
  event.outcome = await runFunction(aws, fn, event.invocation);
  if (!event.outcome.failed) return await deliverRecord(aws, finished(event, "Success"));
  const wait = RETRY_AFTER_MS[event.attempts - 1];
  if (wait === undefined || event.attempts > maximumRetries(fn)) return await drop(aws, event, "RetriesExhausted");
  await later(aws, event, wait);
}

async function backOff(aws: EmbeddedAws, event: QueuedEvent): Promise<void> {
  recordFunctionMetric(aws, event.fn, "Throttles", 1);
  const wait = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** event.throttles);
  event.throttles++;
  await later(aws, event, wait);
}

/** Another attempt after `wait`, unless the event is too old by then. */
async function later(aws: EmbeddedAws, event: QueuedEvent, wait: number): Promise<void> {
  const expiresAt = event.acceptedAt + maximumAge(event.fn);
  const now = aws.clock.now();
  if (now >= expiresAt) return await drop(aws, event, "EventAgeExceeded");
  if (now + wait < expiresAt) aws.clock.after(wait, () => attempt(aws, event));
  else aws.clock.after(expiresAt - now, () => drop(aws, event, "EventAgeExceeded"));
}

async function drop(aws: EmbeddedAws, event: QueuedEvent, condition: Exclude<Condition, "Success">): Promise<void> {
  recordFunctionMetric(aws, event.fn, "AsyncEventsDropped", 1);
  await deliverRecord(aws, finished(event, condition));
}

const finished = ({ fn, invocation, attempts, outcome }: QueuedEvent, condition: Condition): FinishedEvent => ({
  fn,
  invocation,
  condition,
  invokeCount: attempts,
  outcome,
});

const maximumRetries = (fn: LambdaFunction): number => fn.eventInvokeConfig?.MaximumRetryAttempts ?? MAXIMUM_RETRIES;

const maximumAge = (fn: LambdaFunction): number =>
  (fn.eventInvokeConfig?.MaximumEventAgeInSeconds ?? MAXIMUM_AGE_S) * 1_000;
