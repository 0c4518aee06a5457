import { ListQueuesCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { findParked } from "../../../local/consumers/subscriber.ts";
import { HOUR } from "../../world/time.ts";
import { readFailures } from "./failed-functions.ts";
import { differ, type Expected, isTooMuch } from "./tally.ts";
import { findWithoutLog } from "./without-log.ts";

/** `amint-acme-notify-dead-letters: ZodError` for each message in a dead-letter queue: the queue and the reason. */
async function readParked(options: RunningFactory["options"]): Promise<string[]> {
  const sqs = new SQSClient(options);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  const parked: string[] = [];
  for (const QueueUrl of QueueUrls.filter((url) => url.endsWith("-dead-letters"))) {
    const queue = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) break;
      parked.push(...Messages.map((message) => `${queue}: ${causeOf(message)}`));
    }
  }
  return parked;
}

/** Lambda's destinations have the reason in the record, rules and schedules in attributes. */
function causeOf({ Body = "{}", MessageAttributes }: Message): string {
  const code = MessageAttributes?.ERROR_CODE?.StringValue;
  return code ?? String(JSON.parse(Body).responsePayload?.errorType ?? JSON.parse(Body).requestContext?.condition);
}

/** Hours after the beginning, and what happens then. */
export type Step = readonly [hours: number, happens: () => Promise<unknown>];

interface Life {
  /** In milliseconds since the epoch. */
  readonly begin: number;
  readonly steps: readonly Step[];
  readonly account: string;
  readonly expected: Expected;
  /** What happened so far, in the words of `expected`. */
  readonly happened: () => readonly string[];
  /** Whether certain faults are enough. */
  readonly enough: () => boolean;
}

/** Takes the steps. @param others what else the check counts at the end @returns the faults, empty if all is well */
export async function liveAndCheck(
  running: RunningFactory,
  life: Life,
  others: () => Promise<readonly string[]> = async () => [],
): Promise<string[]> {
  const lasting = await liveHourByHour(running, life);
  if (lasting.length > 0) return lasting;
  const failed = [...(await readParked(running.options)), ...(await readFailures(running, life.begin))];
  const differences = differ(life.expected, [...life.happened(), ...(await others()), ...failed]);
  return [...differences, ...(await findWithoutLog(running, life.account))];
}

/**
 * Takes the steps. As soon as it is enough, looks every hour for faults that nothing later can undo, and ends with the
 * first: what happened more often than in the whole scenario, failed invocations and parked messages included, and
 * functions without a log.
 * @returns the faults that ended it; empty if all steps were taken
 */
async function liveHourByHour(running: RunningFactory, life: Life): Promise<string[]> {
  const { clock } = running;
  for (const [hours, happens] of life.steps) {
    const at = life.begin + hours * HOUR;
    while (clock.now() < at) {
      const lasting = await lastingFaults(running, life);
      if (lasting.length > 0) return lasting;
      await clock.runUntil(Math.min(at, nextHour(clock.now())));
    }
    await happens();
  }
  return [];
}

/** Just after the hour, when schedules have run. */
const nextHour = (now: number): number => (Math.floor(now / HOUR) + 1) * HOUR + 60_000;

async function lastingFaults(
  running: RunningFactory,
  { begin, account, expected, happened, enough }: Life,
): Promise<string[]> {
  if (!enough()) return [];
  const failures = await readFailures(running, begin);
  const parked = (await findParked(running.options)).filter(({ queue }) => queue.endsWith("-dead-letters"));
  return [
    ...differ(expected, [...happened(), ...failures]).filter(isTooMuch),
    ...parked.map(({ queue, messages }) => tooMany(expected, queue, messages)).filter(isTooMuch),
    ...(await findWithoutLog(running, account)),
  ];
}

/** The messages in a queue and those expected in the whole scenario, whatever their reasons. */
function tooMany(expected: Expected, queue: string, messages: number): string {
  const counts = Object.entries(expected).flatMap(([name, count]) => (name.startsWith(`${queue}: `) ? count : []));
  return `${queue}: expected ${counts.reduce((sum, count) => sum + count, 0)} time(s), came ${messages} time(s)`;
}
