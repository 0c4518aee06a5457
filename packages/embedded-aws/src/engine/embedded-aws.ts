import type { Clock } from "./clock/clock.ts";
import type { Principal } from "./principal.ts";
import type { StateDefinition } from "./state.ts";

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

/** A small AWS: accounts and regions of one partition, reached by `call`, and over HTTP by `wire/`. */
export interface EmbeddedAws {
  readonly clock: Clock;
  readonly partition: string;
  /** A service's resources in one account and region. */
  state<T>(definition: StateDefinition<T>, account: string, region: string): T;
  /** A service's resources wherever there are any. */
  places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }>;
  /** A number never given before, for ids: the same run gives the same ids. */
  nextId(): number;
  /** A hexadecimal id of `length` characters, e.g. for `ami-` and `snap-` (17). */
  hexId(length: number): string;
  /** A UUID, e.g. for request and event ids. */
  uuid(): string;
  /**
   * Carries out one operation: its input is checked against the service's model, then authorized as AWS does. The way
   * in for the wire, and for a service that acts for somebody else (a rule's target, a state machine's task).
   */
  call<Output>(signingName: string, name: string, input: object, caller: Caller): Promise<Output>;
  /** From now on `observer` hears of every call. The answer ends it. */
  observeCalls(observer: CallObserver): () => void;
}
