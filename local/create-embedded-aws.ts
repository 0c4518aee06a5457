import { type Authorizer, authorize, setAuthorizer } from "./authorizer.ts";
import { AwsError } from "./aws-error.ts";
import type { Clock } from "./clock/clock.ts";
import type { Caller, CallObserver, EmbeddedAws } from "./embedded-aws.ts";
import { interferenceOf } from "./faults/interference.ts";
import { findService, type ServiceLoaders, setServices } from "./find-service.ts";
import type { Authorization, Operation, Service } from "./operation.ts";
import { recordCall } from "./services/cloudtrail/record/record-call.ts";
import { type StateDefinition, StateStore } from "./state.ts";
import { throttle } from "./throttle/throttle.ts";
import { checkCall } from "./wire/constraints/check-call.ts";

interface EmbeddedAwsOptions {
  readonly clock: Clock;
  readonly services: ServiceLoaders;
  /** Decides whether a principal may do what a request asks. */
  readonly authorizer: Authorizer;
}

/** An AWS in which there is nothing yet. */
export const createEmbeddedAws = (options: EmbeddedAwsOptions): EmbeddedAws => new StatefulAws(options);

/** Keeps everything in memory. */
class StatefulAws implements EmbeddedAws {
  readonly clock: Clock;
  readonly partition = "aws";
  readonly #store = new StateStore();
  readonly #observers = new Set<CallObserver>();
  #ids = 0;

  constructor({ clock, services, authorizer }: EmbeddedAwsOptions) {
    this.clock = clock;
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
    return scramble(this.nextId(), 4 * length)
      .toString(16)
      .padStart(length, "0");
  }

  uuid(): string {
    const hex = this.hexId(13) + this.hexId(13) + this.hexId(6);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  async call<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const answer = this.#carryOut<Output>(signingName, name, input, caller);
    for (const observe of this.#observers) observe({ service: signingName, operation: name, caller }, answer);
    return answer;
  }

  observeCalls(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  async #carryOut<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output> {
    const service = await findService(this, signingName);
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
      authorize(call, asked);
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
