import { afterRealTime } from "../../engine/clock/real-time.ts";
import type { InvocationMessage } from "../../lambda-runtime/protocol.ts";
import { exited, type Run } from "./function-runner.ts";
import type { FunctionWorker } from "./function-worker.ts";

/** Workers of one function, unless its reserved concurrency is lower. */
const MOST_WORKERS = 10;

/**
 * Real milliseconds without an answer after which waiting invocations get another worker: starting one takes longer
 * than most invocations, but an invocation that waits for another of its own function would wait forever.
 */
const PATIENCE_MS = 500;

interface Waiting {
  /** Created when a worker takes it: the timeout does not include the time in the queue. */
  readonly message: () => InvocationMessage;
  readonly settle: (outcome: Promise<Run>) => void;
}

/** The execution environments of one function. */
export class WorkerPool {
  readonly #start: () => FunctionWorker;
  readonly #workers = new Set<FunctionWorker>();
  readonly #idle: FunctionWorker[] = [];
  readonly #queue: Waiting[] = [];
  #losePatience: (() => void) | undefined;
  #answered = 0;
  #retiring = false;

  constructor(start: () => FunctionWorker) {
    this.#start = start;
  }

  run(message: () => InvocationMessage): Promise<Run> {
    return new Promise((settle) => {
      this.#queue.push({ message, settle });
      this.#serve();
    });
  }

  /** Starts a worker before the first invocation, and resolves when it is ready or has failed. */
  async warm(): Promise<void> {
    if (this.#workers.size > 0) return;
    const worker = this.#startWorker();
    this.#idle.push(worker);
    await worker.started;
  }

  /** Accepts no more invocations: each worker ends after its queued invocations are answered. */
  async retire(): Promise<void> {
    this.#retiring = true;
    await Promise.all(this.#idle.splice(0).map((worker) => this.#end(worker)));
  }

  async close(): Promise<void> {
    this.#losePatience?.();
    for (const { message, settle } of this.#queue.splice(0)) {
      settle(Promise.resolve({ failed: true, payload: JSON.stringify(exited(message().requestId, 0)), lines: [] }));
    }
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
    this.#workers.clear();
    this.#idle.length = 0;
  }

  #serve(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idleWorker() ?? (this.#workers.size === 0 ? this.#startWorker() : undefined);
      if (!worker) {
        this.#beImpatient();
        return;
      }
      void this.#give(worker);
    }
  }

  #idleWorker(): FunctionWorker | undefined {
    for (let worker = this.#idle.pop(); worker; worker = this.#idle.pop()) {
      if (!worker.ended) return worker;
      // It ended between two invocations.
      this.#workers.delete(worker);
    }
    return undefined;
  }

  #startWorker(): FunctionWorker {
    const worker = this.#start();
    this.#workers.add(worker);
    return worker;
  }

  async #give(worker: FunctionWorker): Promise<void> {
    const next = this.#queue.shift();
    if (!next) return;
    const run = worker.run(next.message());
    next.settle(run);
    await run;
    this.#answered++;
    if (worker.ended) this.#workers.delete(worker);
    else if (this.#retiring && this.#queue.length === 0) await this.#end(worker);
    else this.#idle.push(worker);
    this.#serve();
  }

  async #end(worker: FunctionWorker): Promise<void> {
    await worker.terminate();
    this.#workers.delete(worker);
  }

  #beImpatient(): void {
    const answered = this.#answered;
    this.#losePatience ??= afterRealTime(PATIENCE_MS, () => {
      this.#losePatience = undefined;
      const starting = [...this.#workers].some((worker) => !worker.ready);
      const stuck = this.#queue.length > 0 && answered === this.#answered && !starting;
      if (stuck && this.#workers.size < MOST_WORKERS) void this.#give(this.#startWorker());
      this.#serve();
    });
  }
}
