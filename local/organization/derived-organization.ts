import { random } from "embedded-aws/faults";
import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Share } from "../../core/factory/share-schema.ts";

type SeedAccount = OrganizationSeed["management"];

interface Ou {
  readonly id: string;
  readonly name: string;
  readonly accounts: SeedAccount[];
  readonly units: Ou[];
}

/** The network of the factory's account; it gets the tags by which the config looks up its network. */
export const NETWORK = "try-builds";

/** The most generated accounts in an OU. */
const MOST_IN_UNIT = 3;

/**
 * An organization with everything that a config names: its OUs, with one to three generated accounts in each, and its
 * accounts. Where `consumers` or shares name OUs, the accounts to verify are spread over them.
 * @param account the factory's
 */
export function derivedOrganization(factory: Factory, account: string, seed: number): OrganizationSeed {
  const { organization, images } = factory;
  const draw = random(seed);
  const shares = Object.values(images).flatMap(({ channels }) => channels.map(({ share }) => share));
  const units = unitsOf(factory, shares);
  const rootId = organization.rootId ?? `r-${[...units.keys()][0]?.split("-")[1] ?? "exam"}`;
  const known = new Set([account, organization.managementAccountId]);
  const add = (into: SeedAccount[], id: string, more: Partial<SeedAccount> = {}): void => {
    if (known.has(id)) return;
    known.add(id);
    into.push({ id, name: `account-${id.slice(0, 4)}-${id.slice(-4)}`, ...more });
  };
  const inRoot: SeedAccount[] = [];
  for (const [id, into] of named(factory, shares, units)) add(into ?? inRoot, id);
  const madeUp = (): string => {
    for (;;) {
      const id = `7${String(Math.floor(draw() * 1e11)).padStart(11, "0")}`;
      if (!known.has(id)) return id;
    }
  };
  for (const { accounts } of units.values()) {
    for (let count = 1 + Math.floor(draw() * MOST_IN_UNIT); count > 0; count--) add(accounts, madeUp());
  }
  for (const { accountTags: tags } of shares) {
    if (!tags) continue;
    add([...units.values()][0]?.accounts ?? inRoot, madeUp(), { tags });
    add(inRoot, madeUp(), { tags });
  }
  // A share that names only accounts must not reach this account.
  add(inRoot, madeUp());
  const own = { id: account, name: "image-factory", ...networksOf(factory) };
  return {
    id: organization.id,
    rootId,
    management: { id: organization.managementAccountId, name: "management" },
    accounts: [own, ...inRoot],
    units: [...units.values()].filter(({ id }) => !isNested(id, units)),
  };
}

/** The network of the factory's account; undefined where builds are in the default VPC. */
export const networksOf = ({ network, buildRegion }: Pick<Factory, "network" | "buildRegion">) =>
  network && { defaultVpc: false, networks: [{ region: buildRegion, name: NETWORK, ...idsOf(network) }] };

/** A VPC and subnets that the config names by id get these ids. */
const idsOf = ({ vpcId, subnetIds }: NonNullable<Factory["network"]>) => ({
  ...(typeof vpcId === "string" && { vpcId }),
  ...(subnetIds.every((id) => typeof id === "string") && { subnetIds }),
});

/** Every OU that a config names. An OU that a share excludes is inside the first OU that the share names. */
function unitsOf({ consumers }: Factory, shares: readonly Share[]): Map<string, Ou> {
  const ous = new Map<string, Ou>();
  const unit = (id: string): Ou => {
    const known = ous.get(id) ?? { id, name: id.slice(id.lastIndexOf("-") + 1), accounts: [], units: [] };
    ous.set(id, known);
    return known;
  };
  for (const { organizationalUnits } of shares) organizationalUnits.forEach(unit);
  consumers?.organizationalUnits?.forEach(unit);
  for (const { organizationalUnits, except } of shares) {
    for (const id of except?.organizationalUnits ?? []) {
      const isNew = !ous.has(id);
      const left = unit(id);
      const [above] = organizationalUnits;
      if (isNew && above !== undefined) unit(above).units.push(left);
    }
  }
  return ous;
}

const isNested = (id: string, units: ReadonlyMap<string, Ou>): boolean =>
  [...units.values()].some((above) => above.units.some((below) => below.id === id));

/** The accounts that a config names, each with its OU; undefined: in the root. */
function* named(
  { consumers }: Factory,
  shares: readonly Share[],
  units: ReadonlyMap<string, Ou>,
): Iterable<readonly [id: string, into: SeedAccount[] | undefined]> {
  const asked = [...new Set([...(consumers?.canary ? [consumers.canary.account] : []), ...(consumers?.verify ?? [])])];
  // The consumer role is only in these OUs.
  const homes = consumers?.organizationalUnits ?? [...new Set(shares.flatMap((share) => share.organizationalUnits))];
  for (const [nth, id] of asked.entries()) yield [id, units.get(homes[nth % homes.length] ?? "")?.accounts];
  for (const { accounts, organizationalUnits, except } of shares) {
    for (const id of accounts) yield [id, undefined];
    for (const id of except?.accounts ?? []) yield [id, units.get(organizationalUnits[0] ?? "")?.accounts];
  }
}

/** An account outside the organization. */
export const stranger = (seed: OrganizationSeed): string => {
  const known = new Set(accountsIn(seed).map(({ id }) => id));
  return ["600000000009", "600000000008", "600000000007"].find((id) => !known.has(id)) ?? "600000000006";
};

/** Each account of an organization with its OUs, the nearest first; the management account has none. */
export function accountsIn(seed: OrganizationSeed): (SeedAccount & { readonly within: readonly string[] })[] {
  type Below = Pick<OrganizationSeed, "accounts" | "units">;
  const below = ({ accounts = [], units = [] }: Below, within: readonly string[]): ReturnType<typeof accountsIn> => [
    ...accounts.map((account) => ({ ...account, within })),
    ...units.flatMap((unit) => below(unit, unit.id === undefined ? within : [unit.id, ...within])),
  ];
  return [{ ...seed.management, within: [] }, ...below(seed, [])];
}
