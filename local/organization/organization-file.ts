import { type OrganizationSeed, readOrganization } from "embedded-aws/seeds";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { accountsIn, networksOf } from "./derived-organization.ts";

/**
 * The organization of a file. The factory's account gets a network where the config needs one and the file has none.
 * @throws OrganizationUnreadable with a line for each fault in the file; OrganizationDiffers with a line for each id that the
 * config names and the organization lacks
 */
export async function organizationFromFile(file: string, factory: Factory, account: string): Promise<OrganizationSeed> {
  const given = await readOrganization(file);
  const missing = missingFrom(given, factory, account);
  if (missing.length > 0) throw new OrganizationDiffers(file, missing);
  return withNetwork(given, factory, account);
}

function missingFrom(given: OrganizationSeed, factory: Factory, account: string): string[] {
  const { organization, consumers, images } = factory;
  const shares = Object.values(images).flatMap(({ channels }) => channels.map(({ share }) => share));
  const units = new Set([
    ...shares.flatMap((share) => [...share.organizationalUnits, ...(share.except?.organizationalUnits ?? [])]),
    ...(consumers?.organizationalUnits ?? []),
  ]);
  const asked = [...(consumers?.verify ?? []), ...(consumers?.canary ? [consumers.canary.account] : [])];
  const accounts = new Set(accountsIn(given).map(({ id }) => id));
  const known = new Set(unitIds(given));
  return [
    ...(given.id === organization.id ? [] : [`organization.id: the file has ${given.id ?? "none"}`]),
    ...(given.management.id === organization.managementAccountId
      ? []
      : [`organization.managementAccountId: the file has ${given.management.id}`]),
    ...(accounts.has(account) ? [] : [`the factory's account ${account} is not in it`]),
    ...[...units].filter((id) => !known.has(id)).map((id) => `the organizational unit ${id} is not in it`),
    ...[...new Set(asked)].filter((id) => !accounts.has(id)).map((id) => `consumers: the account ${id} is not in it`),
  ];
}

const unitIds = ({ units = [] }: Pick<OrganizationSeed, "units">): string[] =>
  units.flatMap((unit) => [...(unit.id === undefined ? [] : [unit.id]), ...unitIds(unit)]);

type Below = Pick<OrganizationSeed, "accounts" | "units">;

function withNetwork(given: OrganizationSeed, factory: Factory, account: string): OrganizationSeed {
  const added = networksOf(factory);
  const within = <Place extends Below>(place: Place): Place => ({
    ...place,
    ...(place.accounts && {
      accounts: place.accounts.map((one) => (one.id === account && !one.networks ? { ...one, ...added } : one)),
    }),
    ...(place.units && { units: place.units.map(within) }),
  });
  return within(given);
}

class OrganizationDiffers extends Error {
  override readonly name = "OrganizationDiffers";

  constructor(file: string, missing: readonly string[]) {
    super(`${file} is not the organization that the config names:\n${missing.map((one) => `  ${one}`).join("\n")}`);
  }
}
