/** An organizational unit (OU). */
interface Unit {
  readonly id: string;
  readonly name: string;
  /** The parent OU, or the root. */
  readonly parent: string;
}

/** An account of the organization. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** The account's OU, or the root. */
  readonly parent: string;
  /** Suspended and closed accounts cannot launch instances. */
  readonly active: boolean;
  /** Tags in Organizations; read only if a share uses tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An organization: one root, OUs and accounts. */
export interface OrganizationTree {
  readonly rootId: string;
  readonly units: readonly Unit[];
  readonly accounts: readonly Account[];
}

/** Lookups in a tree; each costs at most the tree's depth. */
export interface TreeIndex {
  readonly rootId: string;
  readonly unit: (id: string) => Unit | undefined;
  readonly account: (id: string) => Account | undefined;
  /** The OUs directly in an OU or the root. */
  readonly unitsIn: (parent: string) => readonly Unit[];
  /** The accounts directly in an OU or the root. */
  readonly accountsIn: (parent: string) => readonly Account[];
  /** The path from an OU or the root up to the root, itself first. */
  readonly pathOf: (parent: string) => readonly string[];
}

export function indexTree({ rootId, units, accounts }: OrganizationTree): TreeIndex {
  const unitById = new Map(units.map((unit) => [unit.id, unit]));
  const accountById = new Map(accounts.map((account) => [account.id, account]));
  const unitsByParent = Map.groupBy(units, ({ parent }) => parent);
  const accountsByParent = Map.groupBy(accounts, ({ parent }) => parent);
  return {
    rootId,
    unit: (id) => unitById.get(id),
    account: (id) => accountById.get(id),
    unitsIn: (parent) => unitsByParent.get(parent) ?? [],
    accountsIn: (parent) => accountsByParent.get(parent) ?? [],
    pathOf: (parent) => {
      const path = [parent];
      for (let at = unitById.get(parent); at; at = unitById.get(at.parent)) path.push(at.parent);
      return path;
    },
  };
}
