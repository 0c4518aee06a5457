import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { findService, serviceNames } from "../../engine/find-service.ts";
import { bundleInProcess, type Instantiate } from "../../lambda-runtime/in-process-bundle.ts";
import type { Transport } from "../../wire/direct/transport.ts";
import { serviceModel } from "../../wire/service-model.ts";
import { type FunctionRunner, type Invocation, notBuilt, type Run } from "./function-runner.ts";
import { InProcessEnvironment } from "./in-process-environment.ts";
import { functions, type LambdaFunction } from "./state.ts";

/**
 * Runs functions in this thread, each with its own globals and without a socket to AWS: the same run gives
 * byte-identical results. A handler that never yields blocks everything; memory is shared.
 */
export class InProcessRunner implements FunctionRunner {
  readonly #aws: EmbeddedAws;
  readonly #transport: Transport;
  readonly #environments = new Map<LambdaFunction, Set<InProcessEnvironment>>();
  readonly #idle = new Map<LambdaFunction, InProcessEnvironment[]>();
  /** By root and, for later deployments, by handler. */
  readonly #programs = new Map<string, Promise<Instantiate>>();
  /** Each function's program until its sources change. */
  readonly #programOf = new Map<LambdaFunction, Promise<Instantiate>>();
  #closed = false;

  constructor(aws: EmbeddedAws, transport: Transport) {
    this.#aws = aws;
    this.#transport = transport;
  }

  /** Loads everything that would be loaded on first use, so that disk speed does not affect the order of events. */
  async prepare(): Promise<void> {
    for (const name of serviceNames(this.#aws)) {
      const service = await findService(this.#aws, name);
      if (service) await serviceModel(service);
    }
    for (const { state } of this.#aws.places(functions)) {
      for (const fn of state.values()) await this.#program(fn).catch(() => undefined);
    }
  }

  async run(fn: LambdaFunction, invocation: Invocation): Promise<Run> {
    if (this.#closed) throw new Error(`${fn.name} was invoked after the embedded AWS was closed.`);
    let instantiate: Instantiate;
    try {
      instantiate = await this.#aws.clock.hold(this.#current(fn));
    } catch (cause) {
      return notBuilt(this.#aws, fn, invocation, cause);
    }
    const idle = this.#idle.get(fn) ?? [];
    this.#idle.set(fn, idle);
    const environment = idle.pop() ?? this.#start(fn, instantiate);
    const outcome = await environment.run(invocation);
    // The function changed meanwhile.
    if (idle !== this.#idle.get(fn)) environment.retire();
    if (environment.ended) this.#environments.get(fn)?.delete(environment);
    else idle.push(environment);
    return outcome;
  }

  async renew(fn: LambdaFunction, roots: readonly string[]): Promise<void> {
    if (roots.length > 0) this.#programOf.delete(fn);
    for (const key of this.#programs.keys()) if (roots.includes(rootOf(key))) this.#programs.delete(key);
    for (const environment of this.#idle.get(fn) ?? []) {
      environment.retire();
      this.#environments.get(fn)?.delete(environment);
    }
    this.#idle.delete(fn);
  }

  async discard(fn: LambdaFunction): Promise<void> {
    for (const environment of this.#environments.get(fn) ?? []) environment.end();
    this.#environments.delete(fn);
    this.#idle.delete(fn);
    this.#programOf.delete(fn);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const fn of [...this.#environments.keys()]) await this.discard(fn);
  }

  #start(fn: LambdaFunction, instantiate: Instantiate): InProcessEnvironment {
    const environment = new InProcessEnvironment(this.#aws, fn, { instantiate, transport: this.#transport });
    const started = this.#environments.get(fn) ?? new Set();
    this.#environments.set(fn, started.add(environment));
    return environment;
  }

  #program(fn: LambdaFunction): Promise<Instantiate> {
    const known = this.#programOf.get(fn);
    if (known !== undefined) return known;
    const program = this.#bundled(fn);
    this.#programOf.set(fn, program);
    // A program that failed to build may succeed after another function was added or removed.
    program.catch(() => this.#programOf.get(fn) === program && this.#programOf.delete(fn));
    return program;
  }

  /** Its sources may change while they are read. */
  async #current(fn: LambdaFunction): Promise<Instantiate> {
    const reading = this.#program(fn);
    const program = await reading;
    return this.#programOf.get(fn) === reading ? program : this.#current(fn);
  }

  /** A source that does not build must not affect other functions; nor must one that was deployed later. */
  async #bundled(fn: LambdaFunction): Promise<Instantiate> {
    const all = this.#handlersOf(fn.root);
    const together = this.#bundle(fn.root, all);
    return await together.catch(() => this.#bundle(fn.root, [fn.handler]));
  }

  #bundle(root: string, handlers: readonly string[]): Promise<Instantiate> {
    const key = JSON.stringify([root, handlers]);
    const program = this.#programs.get(key) ?? bundleInProcess(root, handlers);
    this.#programs.set(key, program);
    return program;
  }

  #handlersOf(root: string): string[] {
    const places = [...this.#aws.places(functions)];
    const here = places.flatMap(({ state }) => [...state.values()].filter((fn) => fn.root === root));
    return [...new Set(here.map(({ handler }) => handler))].sort();
  }
}

const rootOf = (key: string): string => (JSON.parse(key) as [root: string])[0];
