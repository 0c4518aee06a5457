/** A service's state, created for each account and region on first use. */
export interface StateDefinition<T> {
  readonly name: string;
  readonly make: () => T;
}

export const defineState = <T>(name: string, make: () => T): StateDefinition<T> => ({ name, make });

/** All services' state, separate for each account and region. */
export class StateStore {
  readonly #states = new Map<StateDefinition<unknown>, Map<string, unknown>>();

  of<T>(definition: StateDefinition<T>, account: string, region: string): T {
    const place = `${account}/${region}`;
    const known = this.#states.get(definition)?.get(place);
    return known === undefined ? this.#make(definition, place) : (known as T);
  }

  #make<T>(definition: StateDefinition<T>, place: string): T {
    const places = this.#states.get(definition) ?? new Map<string, unknown>();
    this.#states.set(definition, places);
    const state = definition.make();
    places.set(place, state);
    return state;
  }

  /** Every account and region where this state was used. */
  *places<T>(definition: StateDefinition<T>): Iterable<{ account: string; region: string; state: T }> {
    for (const [place, state] of this.#states.get(definition) ?? []) {
      const [account = "", region = ""] = place.split("/");
      yield { account, region, state: state as T };
    }
  }
}
