import { isoTime } from "../engine/clock/clock.ts";
import { type Caller, defineState, type EmbeddedAws } from "../engine/embedded-aws.ts";
import type { BusEvent } from "../services/events/event.ts";
import { watchAllBuses } from "../services/events/watch.ts";
import { observeRefusedRequests } from "../wire/refused-requests.ts";

/** The newest entries, numbered from 1. When it is full, the oldest entries are dropped. */
class Newest<T> {
  readonly #kept = new Map<number, { readonly entry: T; readonly bytes: number }>();
  #count = 0;
  #oldest = 1;
  #bytes = 0;

  /** @param bytes the entry's size; entries of a few hundred bytes need not be counted */
  add(entry: T, bytes = 0): void {
    this.#kept.set(++this.#count, { entry, bytes });
    this.#bytes += bytes;
    while (this.#kept.size > REMEMBERED || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#kept.get(this.#oldest)?.bytes ?? 0;
      this.#kept.delete(this.#oldest++);
    }
  }

  /** Oldest first, starting after `number`. */
  after(number: number): (T & { readonly number: number })[] {
    return [...this.#kept].flatMap(([nth, { entry }]) => (nth > number ? [{ ...entry, number: nth }] : []));
  }
}

/** An API call: one that reached its service, in process or over HTTP, or one that the wire layer refused. */
export interface RecordedCall {
  /** When it began: factory time, ISO 8601 in UTC. */
  readonly time: string;
  /** SigV4 signing name. This and the following fields are `-` if a refused request does not contain them. */
  readonly service: string;
  /** If the request names no operation: `POST /<path>` or the target header instead. */
  readonly operation: string;
  /** The caller's ARN; an AWS service's name. */
  readonly caller: string;
  readonly account: string;
  readonly region: string;
  /** `OK`, or AWS's error code. */
  readonly outcome: string;
  /** The error's message. */
  readonly message?: string;
}

/** An event as its bus received it. */
export interface RecordedEvent {
  /** In milliseconds; the event itself has seconds. */
  readonly time: string;
  readonly bus: string;
  readonly account: string;
  readonly region: string;
  readonly event: BusEvent;
}

interface Records {
  readonly calls: Newest<RecordedCall>;
  readonly events: Newest<RecordedEvent>;
  recording: boolean;
}

/** Limit for calls and for events, so that a long-running server does not grow. */
export const REMEMBERED = 10_000;

/** Limit for events, each of which can have a megabyte. */
const MOST_BYTES = 64 * 2 ** 20;

const records = defineState(
  "admin records",
  (): Records => ({ calls: new Newest(), events: new Newest(), recording: false }),
);

/** What was recorded since `recordAws`. */
export const recordsOf = (aws: EmbeddedAws): Omit<Records, "recording"> => aws.state(records, "", "");

/**
 * From now on, API calls (with caller and outcome) and events of all buses are recorded. A second call does nothing.
 */
export function recordAws(aws: EmbeddedAws): void {
  const state = aws.state(records, "", "");
  if (state.recording) return;
  state.recording = true;
  watchAllBuses(aws, (bus, event) => {
    const [, , , region = "", account = ""] = bus.arn.split(":");
    state.events.add(
      { time: isoTime(aws.clock.now()), bus: bus.name, account, region, event },
      JSON.stringify(event).length,
    );
  });
  aws.observeCalls(({ service, operation, caller }, answer) => {
    const begun = { time: isoTime(aws.clock.now()), service, operation, ...whoAndWhere(caller) };
    answer.then(
      () => state.calls.add({ ...begun, outcome: "OK" }),
      (refusal) => state.calls.add({ ...begun, ...outcomeOf(refusal) }),
    );
  });
  observeRefusedRequests(aws, ({ scope, principal, target, refusal }) =>
    state.calls.add({
      time: isoTime(aws.clock.now()),
      service: short(scope?.service ?? NOT_SAID),
      operation: short(target),
      caller: principal?.arn ?? NOT_SAID,
      account: principal?.account ?? NOT_SAID,
      region: short(scope?.region ?? NOT_SAID),
      outcome: refusal.code,
      message: short(refusal.message),
    }),
  );
}

const NOT_SAID = "-";

/** Shortens what a caller sent to one line. Copies it, because a slice keeps the whole string alive. */
const short = (text: string): string => Buffer.from(text.length > LINE ? `${text.slice(0, LINE)}...` : text).toString();

const LINE = 300;

const whoAndWhere = ({ principal, account, region }: Caller) => ({
  caller: principal.arn,
  account: account ?? principal.account,
  region,
});

/** An error that is not an AWS error is a bug of the embedded AWS: AWS calls it InternalFailure. */
function outcomeOf(refusal: unknown): { outcome: string; message: string } {
  const { code, message } = refusal as { code?: unknown; message?: unknown };
  return { outcome: typeof code === "string" ? code : "InternalFailure", message: short(String(message ?? refusal)) };
}
