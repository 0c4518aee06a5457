import type { Clock } from "./clock/clock.ts";
import type { Principal } from "./principal.ts";
import type { StateDefinition } from "./state.ts";

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
  /** A service's state in every account and region that has any. */
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
