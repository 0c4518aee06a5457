import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { EventDetails, Execution, StateMachine } from "../state.ts";
import type { Branch } from "./definition.ts";
import type { Json } from "./json.ts";
import { Interrupted } from "./state-error.ts";

/** Shared by all threads of one execution. */
export interface Run {
  readonly aws: EmbeddedAws;
  readonly machine: StateMachine;
  readonly execution: Execution;
  /** Runs a branch to its end (`run-state.ts`). Parallel and Map use it, so that states do not import each other. */
  readonly runBranch: (thread: Thread, branch: Branch, input: Json) => Promise<Json>;
  /** Runs an item of a distributed Map as an execution (`run-execution.ts`), to its end. */
  readonly runChild: (child: Child) => Promise<Execution>;
}

export interface Child {
  readonly machine: StateMachine;
  readonly mapRunArn: string;
  /** JSON text. */
  readonly input: string;
  /** Stops it when aborted. */
  readonly signal: AbortSignal;
}

/** `$states.context.Map.Item` */
export interface MapItem {
  readonly Index: number;
  readonly Value: Json;
}

/** One line of control: the machine's, a Parallel branch's or a Map iteration's. */
export class Thread {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly variables: Variables;
  readonly mapItem: MapItem | undefined;
  /** The previous event of the next one; 0 before the first state. */
  last: number;
  /** The type of the current state. */
  stateType: string | undefined;

  constructor(run: Run, signal: AbortSignal, outer?: { parent: Thread; after: number; mapItem?: MapItem }) {
    this.run = run;
    this.signal = signal;
    this.variables = new Variables(outer?.parent.variables);
    this.mapItem = outer?.mapItem ?? outer?.parent.mapItem;
    this.last = outer?.after ?? 0;
  }

  /** Records an event that the thread's next event follows. */
  record(type: HistoryEventType, details: EventDetails = {}, previous = this.last): number {
    this.last = this.note(type, details, previous);
    return this.last;
  }

  /**
   * Records an event that no other follows: AWS links past the ends of Map iterations and of Map and Parallel states.
   */
  note(type: HistoryEventType, details: EventDetails = {}, previous = this.last): number {
    return this.run.execution.history.record(type, details, previous);
  }

  /** The outcome of `work`, unless the thread is interrupted first. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    const interrupted = Promise.withResolvers<never>();
    const interrupt = () => interrupted.reject(new Interrupted("interrupted"));
    if (this.signal.aborted) interrupt();
    this.signal.addEventListener("abort", interrupt, { once: true });
    try {
      return await Promise.race([work, interrupted.promise]);
    } finally {
      this.signal.removeEventListener("abort", interrupt);
    }
  }

  /** Waits in factory time. */
  async pause(ms: number): Promise<void> {
    const passed = Promise.withResolvers<void>();
    const cancel = this.run.aws.clock.after(ms, passed.resolve);
    try {
      await this.unlessInterrupted(passed.promise);
    } finally {
      cancel();
    }
  }

  check(): void {
    if (this.signal.aborted) throw new Interrupted("interrupted");
  }
}

/**
 * Workflow variables of one scope: the machine's, a Parallel branch's or a Map iteration's. Outer scopes are read-only.
 */
class Variables {
  readonly #outer: Variables | undefined;
  readonly #own = new Map<string, Json>();

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  assign(values: Readonly<Record<string, Json>>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** All readable variables; inner values take precedence. */
  all(): Record<string, Json> {
    return { ...this.#outer?.all(), ...Object.fromEntries(this.#own) };
  }
}
