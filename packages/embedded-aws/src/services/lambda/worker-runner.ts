import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { VirtualClock } from "../../engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { FolderUnusable } from "../../engine/private-folder.ts";
import { cacheFolder } from "../../lambda-runtime/bundle-cache.ts";
import { bundleHandlers, bundleWorker, parseProgram } from "../../lambda-runtime/bundle-handlers.ts";
import { isUnpacked, moduleOf } from "../../lambda-runtime/unpack-archive.ts";
import {
  type EnvironmentOfFunction,
  type FunctionRunner,
  functionEnvironment,
  type Invocation,
  notBuilt,
  type Run,
} from "./function-runner.ts";
import { recordColdStart } from "./function-telemetry.ts";
import { FunctionWorker } from "./function-worker.ts";
import { carryLineage } from "./recursion.ts";
import { functions, type LambdaFunction } from "./state.ts";
import { WorkerPool } from "./worker-pool.ts";

interface Program {
  readonly program: string;
  readonly bundle: string;
}

/** Runs each function in its own threads, from a bundle of its sources. */
export class WorkerRunner implements FunctionRunner {
  readonly #aws: EmbeddedAws;
  readonly #pools = new Map<LambdaFunction, WorkerPool>();
  /** Pools of functions that have changed since: they may have running invocations. */
  readonly #retired = new Set<WorkerPool>();
  /** Each function's program until its sources change. */
  readonly #programs = new Map<LambdaFunction, Promise<Program>>();
  /** By root: the bundles of all functions known when the first of them ran. */
  readonly #bundles = new Map<string, Promise<ReadonlyMap<string, string>>>();
  readonly #warmed = new Set<string>();
  #closed = false;

  constructor(aws: EmbeddedAws) {
    this.#aws = aws;
  }

  run(fn: LambdaFunction, invocation: Invocation): Promise<Run> {
    return this.#aws.clock.hold(this.#run(fn, invocation));
  }

  async renew(fn: LambdaFunction, roots: readonly string[]): Promise<void> {
    if (roots.length > 0) this.#programs.delete(fn);
    for (const root of roots) this.#bundles.delete(root);
    const pool = this.#pools.get(fn);
    this.#pools.delete(fn);
    if (!pool) return;
    this.#retired.add(pool);
    await this.#aws.clock.hold(pool.retire());
  }

  async discard(fn: LambdaFunction): Promise<void> {
    const pool = this.#pools.get(fn);
    this.#pools.delete(fn);
    this.#programs.delete(fn);
    if (pool) await this.#aws.clock.hold(pool.close());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values(), ...this.#retired].map((pool) => pool.close()));
    this.#pools.clear();
    this.#retired.clear();
  }

  async #run(fn: LambdaFunction, invocation: Invocation): Promise<Run> {
    if (this.#closed) throw new Error(`${fn.name} was invoked after the embedded AWS was closed.`);
    let pool = this.#pools.get(fn);
    if (!pool) {
      const program = await this.#current(fn).catch((cause: unknown) => notBuilt(this.#aws, fn, invocation, cause));
      if ("failed" in program) return program;
      pool = this.#poolOf(fn, program);
    }
    const run = pool.run(() => ({ ...invocation, deadline: this.#aws.clock.now() + fn.timeoutSeconds * 1_000 }));
    // A failure here occurs again, visibly, on invocation.
    void this.#warmUp(fn.root).catch(() => undefined);
    return await run;
  }

  /**
   * Starts a worker for each other function of a program, one after another: if one function is used, the others soon
   * are, and their threads load while this one waits.
   */
  async #warmUp(root: string): Promise<void> {
    if (this.#warmed.has(root)) return;
    this.#warmed.add(root);
    const bundles = await this.#bundles.get(root);
    const built = this.#functionsOf(root).filter(({ handler }) => bundles?.has(handler));
    const programs = await Promise.all(built.map(async (fn) => ({ fn, program: await this.#current(fn) })));
    const pools = programs.map(({ fn, program }) => ({ fn, pool: this.#poolOf(fn, program) }));
    for (const { fn, pool } of pools) {
      if (!this.#closed && this.#pools.get(fn) === pool) await pool.warm();
    }
  }

  #poolOf(fn: LambdaFunction, program: Program): WorkerPool {
    const known = this.#pools.get(fn);
    if (known) return known;
    // Issues keys now and not when a thread is free: the same run gives the same ids.
    let environment: EnvironmentOfFunction | undefined = functionEnvironment(this.#aws, fn);
    const pool = new WorkerPool(() => {
      const own = environment ?? functionEnvironment(this.#aws, fn);
      environment = undefined;
      return this.#startWorker(fn, program, own);
    });
    this.#pools.set(fn, pool);
    return pool;
  }

  #startWorker(fn: LambdaFunction, { program, bundle }: Program, environment: EnvironmentOfFunction): FunctionWorker {
    const { clock } = this.#aws;
    return new FunctionWorker({
      program,
      setup: {
        bundle: pathToFileURL(bundle).href,
        handler: fn.handler,
        runtime: fn.runtime,
        time: clock instanceof VirtualClock ? clock.shared : undefined,
        compileCache: join(cacheFolder(parseProgram(fn.root).root), "compiled"),
      },
      environment: environment.variables,
      memoryMb: fn.memoryMb,
      timeoutSeconds: fn.timeoutSeconds,
      log: environment.log,
      onRun: ({ lineage }) => carryLineage(environment.principal, lineage),
      onReady: (ms) => recordColdStart(this.#aws, { functionName: fn.name, ms }),
    });
  }

  /** Its sources may change while they are read. */
  async #current(fn: LambdaFunction): Promise<Program> {
    const reading = this.#programs.get(fn) ?? this.#program(fn);
    this.#programs.set(fn, reading);
    try {
      const program = await reading;
      return this.#programs.get(fn) === reading ? program : await this.#current(fn);
    } catch (cause) {
      // A program that failed to build may succeed after another function was added or removed.
      if (this.#programs.get(fn) === reading) this.#programs.delete(fn);
      throw cause;
    }
  }

  async #program({ root, handler }: LambdaFunction): Promise<Program> {
    const program = await bundleWorker();
    if (isUnpacked(root)) return { program, bundle: moduleOf(root, handler) };
    if (!this.#bundles.has(root)) this.#bundles.set(root, bundleHandlers(root, this.#handlersOf(root)));
    // A source that does not build must not affect other functions, nor must one that was deployed later.
    const together = await this.#bundles.get(root)?.catch((cause: unknown) => {
      if (cause instanceof FolderUnusable) throw cause;
      return undefined;
    });
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
