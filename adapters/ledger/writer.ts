import { type Key, type Kind, kinds } from "../../core/ledger/kinds.ts";
import { type Condition, type Ledger, put, remove, set } from "./table.ts";

/**
 * Writes records of one kind. Adapters create one per kind at module level: the writers that remain in a function's
 * bundle decide which partitions its role may write (`stacks/bundle/ledger-writes.ts`).
 */
export function writer<Of extends Kind>(of: Of) {
  type Own = Key<(typeof kinds)[Of]["partition"]>;
  return {
    /** For libraries that write by themselves. */
    partition: kinds[of].partition,
    /** @returns false where the condition did not hold */
    put: (ledger: Ledger, key: Own, item: object, condition?: Condition) => put(ledger, key, item, condition),
    /**
     * Sets attributes of an item, which is created if it does not exist. @returns false where the condition did not
     * hold
     */
    set: (ledger: Ledger, key: Own, attributes: object, condition?: Condition) =>
      set(ledger, key, attributes, condition),
    /** @returns false where the condition did not hold */
    remove: (ledger: Ledger, key: Own, condition?: Condition) => remove(ledger, key, condition),
  };
}
