import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import type { Clock } from "../../engine/clock/clock.ts";
import { StateError } from "./asl/state-error.ts";

/** An execution that reaches it fails (Step Functions service quotas), which ends endless loops. */
const MAX_EVENTS = 25_000;

export type EventDetails = Partial<Omit<HistoryEvent, "id" | "previousEventId" | "timestamp" | "type">>;

/** The events of GetExecutionHistory; closed by the execution's last event. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #clock: Clock;
  readonly #onEvent: (event: HistoryEvent) => void;
  #closed = false;

  /** @param onEvent called for each recorded event */
  constructor(clock: Clock, onEvent: (event: HistoryEvent) => void = () => {}) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Id of the newest event. */
  get last(): number {
    return this.events.length;
  }

  /** Answers the event's id. Threads that still unwind after the end record nothing. */
  record(type: HistoryEventType, details: EventDetails, previousEventId: number): number {
    if (this.#closed) return previousEventId;
    if (this.events.length >= MAX_EVENTS - 1) {
      throw new StateError(
        "States.Runtime",
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    }
    return this.#add(type, details, previousEventId);
  }

  close(type: HistoryEventType, details: EventDetails, previousEventId: number): void {
    this.#add(type, details, previousEventId);
    this.#closed = true;
  }

  #add(type: HistoryEventType, details: EventDetails, previousEventId: number): number {
    const id = this.events.length + 1;
    const event = { timestamp: new Date(this.#clock.now()), type, id, previousEventId, ...details };
    this.events.push(event);
    this.#onEvent(event);
    return id;
  }
}
