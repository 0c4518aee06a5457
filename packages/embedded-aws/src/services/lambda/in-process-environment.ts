import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { profiled } from "../../engine/profile.ts";
import { interferenceOf, type Lifetime } from "../../faults/interference.ts";
import { random } from "../../faults/random.ts";
import { runInEnvironment } from "../../lambda-runtime/current-environment.ts";
import type { Instantiate } from "../../lambda-runtime/in-process-bundle.ts";
import { inProcessGlobals, type Surroundings } from "../../lambda-runtime/in-process-globals.ts";
import { InProcessTimers } from "../../lambda-runtime/in-process-timers.ts";
import { errorLine, lambdaConsole } from "../../lambda-runtime/lambda-console.ts";
import {
  findHandler,
  type Handler,
  invocationContext,
  runHandler,
  toRuntimeError,
} from "../../lambda-runtime/load-handler.ts";
import type { RuntimeError } from "../../lambda-runtime/protocol.ts";

import type { Transport } from "../../wire/direct/transport.ts";
import {
  type EnvironmentOfFunction,
  exited,
  functionEnvironment,
  type Invocation,
  type Outcome,
  type Run,
  timedOut,
} from "./function-runner.ts";
import { carryLineage } from "./recursion.ts";
import type { LambdaFunction } from "./state.ts";

/** Never resolves, for killed functions. A new promise each time, because a shared one would keep its waiters alive. */
const never = (): Promise<never> => new Promise(() => {});

/** One execution environment in this thread: with its own modules, one invocation at a time. */
export class InProcessEnvironment {
  readonly #aws: EmbeddedAws;
  readonly #fn: LambdaFunction;
  readonly #environment: EnvironmentOfFunction;
  readonly #timers: InProcessTimers;
  readonly #reached: Surroundings;
  readonly #load: () => Promise<Handler>;
  #handler: Handler | undefined;
  #ended = false;
  #requestId = "";
  #settle: (outcome: Outcome) => void = () => {};
  #lifetime: Lifetime | undefined;
  #calls = 0;

  constructor(
    aws: EmbeddedAws,
    fn: LambdaFunction,
    { instantiate, transport }: { readonly instantiate: Instantiate; readonly transport: Transport },
  ) {
    this.#aws = aws;
    this.#fn = fn;
    this.#environment = functionEnvironment(aws, fn);
    this.#timers = new InProcessTimers(aws.clock);
    const log = (text: string) => this.#environment.log.write(text);
    this.#reached = {
      clock: aws.clock,
      timers: this.#timers,
      environment: { ...this.#environment.variables },
      transport: this.#whileAlive(transport),
      dice: random(aws.nextId()),
      console: lambdaConsole({ ...this.#surroundings, write: log }),
      log,
      exit: (code) => this.#kill(exited(this.#requestId, code)),
    };
    const { globals } = inProcessGlobals(this.#reached);
    this.#load = async () => findHandler(await instantiate(fn.handler, globals), fn.handler, fn.runtime);
  }

  /** It accepts no more invocations. */
  get ended(): boolean {
    return this.#ended;
  }

  async run(invocation: Invocation): Promise<Run> {
    const { clock } = this.#aws;
    const { timeoutSeconds, name } = this.#fn;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#settle = resolve;
    this.#requestId = invocation.requestId;
    this.#lifetime = interferenceOf(this.#aws)?.lifetime(name);
    this.#calls = 0;
    const { log } = this.#environment;
    log.begin(invocation.requestId);
    carryLineage(this.#environment.principal, invocation.lineage);
    const expire = () => this.#kill(timedOut(invocation.requestId, timeoutSeconds));
    const stopWaiting = clock.after(timeoutSeconds * 1_000, expire);
    this.#timers.thaw();
    const answer = () => this.#answer(invocation, clock.now() + timeoutSeconds * 1_000);
    const work = () => runInEnvironment(this.#reached, answer);
    void profiled("function", () => name, work).then(resolve);
    const outcome = await promise;
    stopWaiting();
    this.#timers.freeze();
    return { ...outcome, lines: log.end(outcome.failed ? "error" : "success") };
  }

  /** Accepts no more invocations. */
  retire(): void {
    this.#ended = true;
    this.#timers.freeze();
  }

  /** Stops everything it does. */
  end(): void {
    this.#kill(exited(this.#requestId, 0));
  }

  async #answer(invocation: Invocation, deadline: number): Promise<Outcome> {
    const { clock } = this.#aws;
    try {
      this.#handler ??= await this.#load();
      const context = {
        ...invocationContext({ ...invocation, deadline }, this.#environment.variables),
        getRemainingTimeInMillis: () => deadline - clock.now(),
      };
      const payload = await runHandler(this.#handler, JSON.parse(invocation.payload), context);
      return { failed: false, payload };
    } catch (thrown) {
      const error = toRuntimeError(thrown);
      if (!this.#handler) this.#ended = true;
      this.#environment.log.write(errorLine("Invoke Error", error, this.#surroundings));
      return { failed: true, payload: JSON.stringify(error) };
    }
  }

  #kill(error: RuntimeError): void {
    this.#ended = true;
    this.#timers.freeze();
    this.#environment.log.write(
      `${new Date(this.#aws.clock.now()).toISOString()}\t${this.#requestId}\t${error.errorMessage}\n${error.errorType}\n`,
    );
    this.#settle({ failed: true, payload: JSON.stringify(error) });
  }

  get #surroundings() {
    const { clock } = this.#aws;
    return { now: () => clock.now(), requestId: () => this.#requestId, environment: this.#environment.variables };
  }

  #whileAlive(transport: Transport): Transport {
    return {
      handle: async (request) => {
        if (this.#ended) return await never();
        const last = this.#lifetime?.calls === ++this.#calls ? this.#lifetime : undefined;
        if (last && !last.carriedOut) this.#kill(exited(this.#requestId, 137));
        if (this.#ended) return await never();
        const answer = await transport.handle(request);
        if (last) this.#kill(exited(this.#requestId, 137));
        const latency = interferenceOf(this.#aws)?.latency(this.#fn.name) ?? 0;
        if (latency > 0) await this.#aws.clock.sleep(latency);
        return this.#ended ? await never() : answer;
      },
    };
  }
}
