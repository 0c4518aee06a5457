import type { Authorizer } from "./authorizer.ts";
import { AwsError } from "./aws-error.ts";
import type { Clock } from "./clock/clock.ts";
import { interferenceOf } from "./faults/interference.ts";
import type { Authorization, Call, Operation, Service } from "./operation.ts";
import type { Principal } from "./principal.ts";
import { recordCall } from "./services/cloudtrail/record/record-call.ts";
import { type StateDefinition, StateStore } from "./state.ts";
import { throttle } from "./throttle/throttle.ts";
import { checkCall } from "./wire/constraints/check-call.ts";

/** Who calls, and where. `account` is the principal's unless said. */
export interface Caller {
  readonly principal: Principal;
  readonly region: string;
  readonly account?: string;
}

/** Told of every call as it begins; `answer` settles with its outcome. */
export type CallObserver = (
  call: { readonly service: string; readonly operation: string; readonly caller: Caller },
  answer: Promise<unknown>,
) => void;

export interface EmbeddedAwsOptions {
  readonly clock: Clock;
  /** Loaded on first use, by signing name. */
  readonly services: Readonly<Record<string, () => Promise<Service>>>;
  /** Decides whether a principal may do what a request asks. */
  readonly authorizer: Authorizer;
}

/** A small AWS: accounts and regions of one partition, reached by `call`, and over HTTP by `wire/`. */
export class EmbeddedAws {
  readonly clock: Clock;
  readonly partition = "aws";
  readonly #store = new StateStore();
  readonly #services: EmbeddedAwsOptions["services"];
  readonly #loaded = new Map<string, Promise<Service>>();
  readonly #authorizer: Authorizer;
  readonly #observers = new Set<CallObserver>();
  #ids = 0;

  constructor(options: EmbeddedAwsOptions) {
    this.clock = options.clock;
    this.#services = options.services;
    this.#authorizer = options.authorizer;
  }

  /** A service's resources in one account and region. */
  state<T>(definition: StateDefinition<T>, account: string, region: string): T {
    return this.#store.of(definition, account, region);
  }

  /** A service's resources wherever there are any. */
  places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }> {
    return this.#store.places(definition);
  }

  /** Undefined where this AWS has no such service. */
  async service(signingName: string): Promise<Service | undefined> {
    // A request can name any service: `constructor`, too.
    const load = Object.hasOwn(this.#services, signingName) ? this.#services[signingName] : undefined;
    if (!load) return undefined;
    const service = this.#loaded.get(signingName) ?? this.clock.hold(load());
    this.#loaded.set(signingName, service);
    return service;
  }

  /** A number never given before, for ids: the same run gives the same ids. */
  nextId(): number {
    return ++this.#ids;
  }

  /** A hexadecimal id of `length` characters, e.g. for `ami-` and `snap-` (17). */
  hexId(length: number): string {
    return scramble(this.nextId(), 4 * length)
      .toString(16)
      .padStart(length, "0");
  }

  /** A UUID, e.g. for request and event ids. */
  uuid(): string {
    const hex = this.hexId(13) + this.hexId(13) + this.hexId(6);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /**
   * Carries out one operation: its input is checked against the service's model, then authorized as AWS does. The way
   * in for the wire, and for a service that acts for somebody else (a rule's target, a state machine's task).
   */
  async call<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const answer = this.#carryOut<Output>(signingName, name, input, caller);
    for (const observe of this.#observers) observe({ service: signingName, operation: name, caller }, answer);
    return answer;
  }

  /**
   * Asks, after a call was answered, what its caller may do: an instance that starts needs the keys of its volumes.
   * @throws AWS's refusal
   */
  authorize(call: Call, asked: Authorization): void {
    this.#authorizer.authorize(call, asked);
  }

  /** From now on `observer` hears of every call. The answer ends it. */
  observeCalls(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async #carryOut<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const service = await this.service(signingName);
    const operation = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (!service || !operation) {
      throw new AwsError("NotImplemented", `${signingName}:${name} is not built in the embedded AWS`);
    }
    // Loading the service's model reads files: factory time stands still meanwhile.
    await this.clock.hold(checkCall(service, name, input));
    const call = {
      aws: this,
      account: caller.account ?? caller.principal.account,
      region: service.region ?? caller.region,
      principal: caller.principal,
      requestId: this.uuid(),
    };
    throttle(signingName, name, input, call);
    for (const asked of authorizations(service, name, operation, input, call)) {
      this.#authorizer.authorize(call, asked);
    }
    const record = recordCall(service, name, input, call);
    const carryOut = async () => {
      try {
        const output = (await operation.run(input as never, call)) as Output;
        record?.answered(output);
        return output;
      } catch (error) {
        record?.refused(error);
        throw error;
      }
    };
    const interference = interferenceOf(this);
    return await (interference
      ? interference.operation({ service: signingName, operation: name, call }, carryOut)
      : carryOut());
  }
}

function authorizations(
  service: Service,
  name: string,
  operation: Operation,
  input: object,
  call: Parameters<Operation["run"]>[1],
): Authorization[] {
  const asked = operation.authorize?.(input as never, call) ?? [{}];
  return asked.map((one) => ({ action: `${service.prefix ?? service.name}:${name}`, resources: ["*"], ...one }));
}

/** 2^128 divided by the golden ratio: odd, so that consecutive numbers never meet, and look like ids. */
const SPREAD = 0x9e3779b97f4a7c15f39cc0605cedc835n;

const scramble = (n: number, bits: number): bigint => (BigInt(n) * SPREAD) & ((1n << BigInt(bits)) - 1n);
