import type { Clock } from "./clock/clock.ts";
import type { Principal } from "./principal.ts";

/** The caller and its region. `account` defaults to the principal's. */
export interface Caller {
  readonly principal: Principal;
  readonly region: string;
  readonly account?: string;
}

/** Called when a call begins; `answer` settles with its outcome. */
export type CallObserver = (
  call: { readonly service: string; readonly operation: string; readonly caller: Caller },
  answer: Promise<unknown>,
) => void;

/** A small AWS: accounts and regions of one partition, called in process by `call` and over HTTP by `wire/`. */
export interface EmbeddedAws {
  readonly clock: Clock;
  readonly partition: string;
  /** A service's resources in one account and region. */
  state<T>(definition: StateDefinition<T>, account: string, region: string): T;
  /** A service's state in every account and region where it exists. */
  places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }>;
  /** A number that was not used before, for ids: the same run gets the same ids. */
  nextId(): number;
  /** A hexadecimal id of `length` characters, e.g. for `ami-` and `snap-` (17). */
  hexId(length: number): string;
  /** A UUID, e.g. for request and event ids. */
  uuid(): string;
  /**
   * Runs one operation: checks its input against the service's model, then authorizes it as AWS does. Used by the wire,
   * and by services that act on behalf of a caller (a rule's target, a state machine's task).
   */
  call<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output>;
  /** From now on `observer` is called for every call. Returns a function that stops it. */
  observeCalls(observer: CallObserver): () => void;
}

/** A service's state, created for each account and region on first use. */
export interface StateDefinition<T> {
  readonly name: string;
  readonly make: () => T;
}

export const defineState = <T>(name: string, make: () => T): StateDefinition<T> => ({ name, make });

interface PlacedState {
  readonly account: string;
  readonly region: string;
  readonly state: unknown;
}

/** One definition's states: by account and region, and in the order of their first use. */
interface States {
  readonly byAccount: Map<string, Map<string, PlacedState>>;
  readonly all: PlacedState[];
}

/** All services' state, separate for each account and region. */
export class StateStore {
  readonly #states = new Map<StateDefinition<unknown>, States>();

  of<T>(definition: StateDefinition<T>, account: string, region: string): T {
    const known = this.#states.get(definition)?.byAccount.get(account)?.get(region);
    return (known ?? this.#make(definition, account, region)).state as T;
  }

  #make<T>(definition: StateDefinition<T>, account: string, region: string): PlacedState {
    const states: States = this.#states.get(definition) ?? { byAccount: new Map(), all: [] };
    this.#states.set(definition, states);
    const made = { account, region, state: definition.make() };
    const regions = states.byAccount.get(account) ?? new Map<string, PlacedState>();
    states.byAccount.set(account, regions.set(region, made));
    states.all.push(made);
    return made;
  }

  /** Every account and region where this state was used. */
  places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }> {
    return (this.#states.get(definition)?.all ?? []) as Iterable<{ account: string; region: string; state: T }>;
  }
}

const endpoint = defineState("endpoint", () => ({ url: "http://127.0.0.1:4566" }));

/** The URL of this AWS, without a trailing slash; queue URLs start with it. */
export const endpointOf = (aws: EmbeddedAws): string => aws.state(endpoint, "", "").url;

/** Set by the server once it listens. */
export const setEndpoint = (aws: EmbeddedAws, url: string): void => {
  aws.state(endpoint, "", "").url = url;
};
