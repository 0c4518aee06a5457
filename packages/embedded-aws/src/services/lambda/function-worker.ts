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
  /** Told of each invocation that is handed to it. */
  readonly onRun: (message: InvocationMessage) => void;
  /** Told once of the real milliseconds that the handler took to load. */
  readonly onReady: (ms: number) => void;
}

/** Real time a bundle may take to load. Lambda gives 10 s; this machine may be busier. */
const START_LIMIT_MS = 30_000;

/**
 * Node allows a thread that reaches its limit 16 MB more to end in, and aborts the whole process beyond them. What one
 * collection moves out of the young generation must fit.
 */
const YOUNG_GENERATION_MB = 12;

/** Real time for a thread to end by itself. */
const END_LIMIT_MS = 5_000;

/** One execution environment: a thread with one function in it, which runs one invocation at a time. */
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

  /** No invocation can be given to it any more. */
  get ended(): boolean {
    return this.#ended;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves when the handler is loaded, or will not be. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  /** Waits for the handler to load; its timeout counts from then on, as Lambda's does. */
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
   * Asks the thread to end by itself, and ends it where it does not: a thread that is ended from outside while it
   * compiles or writes its compile cache can abort the whole process (seen with Node 24: "Check failed: (location_)").
   */
  async terminate(): Promise<void> {
    this.#ended = true;
    if (this.#unfit === undefined) {
      this.#worker.postMessage(END);
      if (await this.#goes()) return;
    }
    await this.#worker.terminate();
  }

  /** Whether the thread has gone within the limit. */
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
    // Real time: a loop that never ends must not hold factory time for ever.
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
