import { type Authorizer, authorize, setAuthorizer } from "./authorizer.ts";
import type { Clock } from "./clock/clock.ts";
import { type Caller, type CallObserver, type EmbeddedAws, type StateDefinition, StateStore } from "./embedded-aws.ts";
import { findService, loadedService, type ServiceLoaders, setServices } from "./find-service.ts";
import { type Authorization, AwsError, type Call, type Operation, type Service } from "./operation.ts";
import { runPaged } from "./paging.ts";
import { profiled } from "./profile.ts";

/** Records the outcome of one call. */
export interface CallRecord {
  answered(output: unknown): void;
  refused(error: unknown): void;
}

/** The stages of a call, in this order; authorization comes between `limit` and `record`. */
export interface Stages {
  /**
   * Returns a promise if it must first load the service's model.
   * @throws AwsError for input that the service's model does not allow
   */
  check(service: Service, name: string, input: object): Promise<void> | undefined;
  /** @throws AwsError if a published rate is exceeded */
  limit(service: Service, name: string, input: object, call: Call): void;
  /** Undefined if the call is not recorded. */
  record(service: Service, name: string, input: object, call: Call): CallRecord | undefined;
  /** Runs the operation, or injects a fault. */
  run<Output>(service: Service, name: string, call: Call, operation: () => Promise<Output>): Promise<Output>;
}

export interface EngineOptions {
  readonly clock: Clock;
  readonly services: ServiceLoaders;
  readonly authorizer: Authorizer;
  readonly stages: Stages;
}

/** An AWS without resources. It keeps everything in memory. */
export class StatefulAws implements EmbeddedAws {
  readonly clock: Clock;
  readonly partition = "aws";
  readonly #store = new StateStore();
  readonly #observers = new Set<CallObserver>();
  readonly #stages: Stages;
  #ids = 0;

  constructor({ clock, services, authorizer, stages }: EngineOptions) {
    this.clock = clock;
    this.#stages = stages;
    setServices(this, services);
    setAuthorizer(this, authorizer);
  }

  state<T>(definition: StateDefinition<T>, account: string, region: string): T {
    return this.#store.of(definition, account, region);
  }

  places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }> {
    return this.#store.places(definition);
  }

  nextId(): number {
    return ++this.#ids;
  }

  hexId(length: number): string {
    return scramble(this.nextId(), 4 * length).padStart(length, "0");
  }

  uuid(): string {
    const hex = this.hexId(13) + this.hexId(13) + this.hexId(6);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  async call<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const carryOut = () => this.#carryOut<Output>(signingName, name, input, caller);
    const answer = profiled("operation", () => `${signingName}:${name}`, carryOut);
    for (const observe of this.#observers) observe({ service: signingName, operation: name, caller }, answer);
    return answer;
  }

  observeCalls(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async #carryOut<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const service = loadedService(this, signingName) ?? (await findService(this, signingName));
    const operation = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (!service || !operation) {
      throw new AwsError("NotImplemented", `${signingName}:${name} is not built in the embedded AWS`);
    }
    const checking = this.#stages.check(service, name, input);
    // Loading the service's model reads files: factory time stands still meanwhile.
    if (checking !== undefined) await this.clock.hold(checking);
    const call = {
      aws: this,
      account: caller.account ?? caller.principal.account,
      region: service.region ?? caller.region,
      principal: caller.principal,
      requestId: this.uuid(),
    };
    this.#stages.limit(service, name, input, call);
    for (const asked of authorizations(service, name, operation, input, call)) {
      authorize(call, asked);
    }
    const record = this.#stages.record(service, name, input, call);
    return this.#stages.run(service, name, call, async () => {
      try {
        const output = ((await runPaged(service, name, operation, input, call)) ?? {}) as Output;
        record?.answered(output);
        return output;
      } catch (error) {
        record?.refused(error);
        throw error;
      }
    });
  }
}

function authorizations(
  service: Service,
  name: string,
  operation: Operation,
  input: object,
  call: Call,
): Authorization[] {
  const asked = operation.authorize?.(input as never, call) ?? [{}];
  return asked.map((one) => ({ action: `${service.prefix ?? service.name}:${name}`, resources: ["*"], ...one }));
}

/** 2^128 divided by the golden ratio: odd, so that consecutive numbers never collide, and look like ids. */
const SPREAD = 0x9e3779b97f4a7c15f39cc0605cedc835n;

/** The last bits of the product, in hexadecimal. */
function scramble(n: number, bits: number): string {
  if (bits > EXACT_BITS || n >= HALF) return ((BigInt(n) * SPREAD) & ((1n << BigInt(bits)) - 1n)).toString(16);
  const product = n * LOW_HALF + ((n * HIGH_HALF) % HALF) * HALF;
  return (product % 2 ** bits).toString(16);
}

/** Bits of a product that numbers hold exactly if it is made of two halves: many times as fast as with BigInt. */
const EXACT_BITS = 52;
const HALF = 2 ** (EXACT_BITS / 2);
const LOW_HALF = Number(SPREAD & BigInt(HALF - 1));
const HIGH_HALF = Number((SPREAD >> BigInt(EXACT_BITS / 2)) & BigInt(HALF - 1));
