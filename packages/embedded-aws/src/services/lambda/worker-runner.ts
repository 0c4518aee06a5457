import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { VirtualClock } from "../../engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { bundleHandlers, bundleWorker, cacheFolder } from "../../lambda-runtime/bundle-handlers.ts";
import {
  type FunctionRunner,
  functionEnvironment,
  type Invocation,
  notBuilt,
  type Outcome,
} from "./function-runner.ts";
import { recordColdStart, writeLog } from "./function-telemetry.ts";
import { FunctionWorker } from "./function-worker.ts";
import { functions, type LambdaFunction } from "./state.ts";
import { WorkerPool } from "./worker-pool.ts";

interface Program {
  readonly program: string;
  readonly bundle: string;
}

/** Runs each function in threads of its own, from a bundle of its sources. */
export class WorkerRunner implements FunctionRunner {
  readonly #aws: EmbeddedAws;
  readonly #pools = new Map<LambdaFunction, WorkerPool>();
  /** By root: the bundles of all functions that were known when the first of them ran. */
  readonly #bundles = new Map<string, Promise<ReadonlyMap<string, string>>>();
  readonly #warmed = new Set<string>();
  #closed = false;

  constructor(aws: EmbeddedAws) {
    this.#aws = aws;
  }

  run(fn: LambdaFunction, invocation: Invocation): Promise<Outcome> {
    return this.#aws.clock.hold(this.#run(fn, invocation));
  }

  async discard(fn: LambdaFunction): Promise<void> {
    const pool = this.#pools.get(fn);
    this.#pools.delete(fn);
    if (pool) await this.#aws.clock.hold(pool.close());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.#pools.clear();
  }

  async #run(fn: LambdaFunction, invocation: Invocation): Promise<Outcome> {
    if (this.#closed) throw new Error(`${fn.name} was invoked after the embedded AWS had been closed.`);
    let pool = this.#pools.get(fn);
    if (!pool) {
      const program = await this.#program(fn).catch((cause: unknown) => notBuilt(cause));
      if ("failed" in program) return program;
      pool = this.#poolOf(fn, program);
    }
    const outcome = pool.run(() => ({ ...invocation, deadline: this.#aws.clock.now() + fn.timeoutSeconds * 1_000 }));
    // What does not start here fails again, and visibly, when it is invoked.
    void this.#warmUp(fn.root).catch(() => undefined);
    return await outcome;
  }

  /**
   * Starts a worker for each other function of a program, one after another, beside the running ones: where one
   * function is used the others soon are, and their threads load while this one waits for an answer.
   */
  async #warmUp(root: string): Promise<void> {
    if (this.#warmed.has(root)) return;
    this.#warmed.add(root);
    const [program, bundles] = await Promise.all([bundleWorker(), this.#bundles.get(root)]);
    const pools = this.#functionsOf(root).flatMap((fn) => {
      const bundle = bundles?.get(fn.handler);
      return bundle === undefined ? [] : [{ fn, pool: this.#poolOf(fn, { program, bundle }) }];
    });
    for (const { fn, pool } of pools) {
      if (!this.#closed && this.#pools.get(fn) === pool) await pool.warm();
    }
  }

  #poolOf(fn: LambdaFunction, program: Program): WorkerPool {
    const known = this.#pools.get(fn);
    if (known) return known;
    // Keys are issued now and not when a thread is free: the same run gives the same ids.
    let environment: Record<string, string> | undefined = functionEnvironment(this.#aws, fn);
    const pool = new WorkerPool(() => {
      const own = environment ?? functionEnvironment(this.#aws, fn);
      environment = undefined;
      return this.#startWorker(fn, program, own);
    });
    this.#pools.set(fn, pool);
    return pool;
  }

  #startWorker(fn: LambdaFunction, { program, bundle }: Program, environment: Record<string, string>): FunctionWorker {
    const { clock } = this.#aws;
    return new FunctionWorker({
      program,
      setup: {
        bundle: pathToFileURL(bundle).href,
        handler: fn.handler,
        runtime: fn.runtime,
        time: clock instanceof VirtualClock ? clock.shared : undefined,
        compileCache: join(cacheFolder(fn.root), "compiled"),
      },
      environment,
      memoryMb: fn.memoryMb,
      timeoutSeconds: fn.timeoutSeconds,
      log: (requestId, text) => writeLog(this.#aws, fn, requestId, text),
      onReady: (ms) => recordColdStart(this.#aws, { functionName: fn.name, ms }),
    });
  }

  async #program({ root, handler }: LambdaFunction): Promise<Program> {
    const program = await bundleWorker();
    if (!this.#bundles.has(root)) this.#bundles.set(root, bundleHandlers(root, this.#handlersOf(root)));
    // A source that cannot be built must not keep the others from running, nor must one that was deployed later.
    const together = await this.#bundles.get(root)?.catch(() => undefined);
    const bundle = together?.get(handler) ?? (await bundleHandlers(root, [handler])).get(handler);
    return { program, bundle: bundle! };
  }

  #handlersOf(root: string): string[] {
    return [...new Set(this.#functionsOf(root).map(({ handler }) => handler))].sort();
  }

  #functionsOf(root: string): LambdaFunction[] {
    const places = [...this.#aws.places(functions)];
    return places.flatMap(({ state }) => [...state.values()].filter((fn) => fn.root === root));
  }
}
