import { Worker } from "node:worker_threads";
import { afterRealTime, stopwatch } from "../../engine/clock/real-time.ts";
import type { RuntimeError } from "../../lambda-runtime/protocol.ts";
import { END, type InvocationMessage, type WorkerMessage, type WorkerSetup } from "../../lambda-runtime/protocol.ts";
import type { EnvironmentLog } from "./environment-log.ts";
import { exited, type Outcome, outOfMemory, type Run, timedOut } from "./function-runner.ts";

interface WorkerOptions {
  /** The worker's program. */
  readonly program: string;
  readonly setup: WorkerSetup;
  readonly environment: Record<string, string>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly log: EnvironmentLog;
  /** Called for each invocation that the worker gets. */
  readonly onRun: (message: InvocationMessage) => void;
  /** Called once with the real milliseconds that the handler took to load. */
  readonly onReady: (ms: number) => void;
}

/** Real time for loading a bundle. Lambda allows 10 s; this machine may be busier. */
const START_LIMIT_MS = 30_000;

/**
 * At its limit, Node allows a thread another 16 MB to end, and aborts the whole process beyond that. What one
 * collection moves out of the young generation must fit.
 */
const YOUNG_GENERATION_MB = 12;

/** Real time for a thread to exit. */
const END_LIMIT_MS = 5_000;

/** One execution environment: a thread with one function, which runs one invocation at a time. */
export class FunctionWorker {
  readonly #options: WorkerOptions;
  readonly #worker: Worker;
  readonly #sinceStart = stopwatch();
  readonly #started = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #ready = false;
  #unfit: RuntimeError | undefined;
  #ended = false;
  #current: { message: InvocationMessage; settle: (run: Run) => void } | undefined;
  #dropGuard: (() => void) | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#worker = new Worker(options.program, {
      workerData: options.setup,
      env: options.environment,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.on("data", (chunk: Buffer) => this.#log(chunk.toString()));
    this.#worker.stderr.on("data", (chunk: Buffer) => this.#log(chunk.toString()));
    this.#worker.on("message", (message: WorkerMessage) => this.#hear(message));
    this.#worker.on("error", (error: NodeJS.ErrnoException) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#exit(code));
  }

  /** It accepts no more invocations. */
  get ended(): boolean {
    return this.#ended;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves when the handler is loaded, or failed to load. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Waits for the handler to load; the timeout starts then, as in Lambda. */
  run(message: InvocationMessage): Promise<Run> {
    return new Promise((settle) => {
      this.#current = { message, settle };
      this.#options.log.begin(message.requestId);
      if (this.#unfit) this.#end(this.#unfit);
      else if (this.#ready) this.#hand(message);
      else this.#guardFor(START_LIMIT_MS);
    });
  }

  /**
   * Asks the thread to exit, and terminates it if it does not: a thread that is terminated while it compiles or writes
   * its compile cache can abort the whole process (seen with Node 24: "Check failed: (location_)").
   */
  async terminate(): Promise<void> {
    this.#ended = true;
    if (this.#unfit === undefined) {
      this.#worker.postMessage(END);
      if (await this.#goes()) return;
    }
    await this.#worker.terminate();
  }

  /** Whether the thread exits within the limit. */
  #goes(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = afterRealTime(END_LIMIT_MS, () => resolve(false));
      void this.#gone.promise.then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  #hand(message: InvocationMessage): void {
    // Real time: an endless loop must not stop factory time forever.
    this.#guardFor(this.#options.timeoutSeconds * 1_000);
    this.#options.onRun(message);
    this.#worker.postMessage(message);
  }

  #hear(message: WorkerMessage): void {
    switch (message.kind) {
      case "ready":
        this.#ready = true;
        this.#started.resolve();
        this.#options.onReady(this.#sinceStart());
        if (this.#current) this.#hand(this.#current.message);
        break;
      case "unfit":
        this.#unfit = message.error;
        this.#started.resolve();
        if (this.#current) this.#end(message.error);
        break;
      case "log":
        this.#log(message.text);
        break;
      case "result":
        this.#settle({ failed: false, payload: message.payload });
        break;
      case "failed":
        this.#settle({ failed: true, payload: JSON.stringify(message.error) });
        break;
      case "crashed":
        this.#end(message.error);
        break;
      case "overslept":
        this.#timeOut();
        break;
    }
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#ended = true;
    const requestId = this.#current?.message.requestId;
    if (requestId === undefined) return;
    this.#end(
      error.code === "ERR_WORKER_OUT_OF_MEMORY"
        ? outOfMemory(requestId)
        : { errorType: error.name, errorMessage: error.message, trace: error.stack?.split("\n") ?? [] },
    );
  }

  #exit(code: number): void {
    this.#started.resolve();
    this.#gone.resolve();
    this.#ended = true;
    if (this.#current) this.#end(exited(this.#current.message.requestId, code));
  }

  #timeOut(): void {
    if (this.#current) this.#end(timedOut(this.#current.message.requestId, this.#options.timeoutSeconds));
  }

  #guardFor(ms: number): void {
    this.#dropGuard?.();
    this.#dropGuard = afterRealTime(ms, () => this.#timeOut());
  }

  /** The environment's last outcome. */
  #end(error: RuntimeError): void {
    this.#ended = true;
    const { errorType, errorMessage } = error;
    this.#log(`${errorMessage}\n${errorType}\n`);
    this.#settle({ failed: true, payload: JSON.stringify(error) });
    void this.#worker.terminate();
  }

  #settle(outcome: Outcome): void {
    this.#dropGuard?.();
    const current = this.#current;
    this.#current = undefined;
    current?.settle({ ...outcome, lines: this.#options.log.end(outcome.failed ? "error" : "success") });
  }

  #log(text: string): void {
    this.#options.log.write(text);
  }
}
