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
