import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Factory } from "../core/factory/factory-schema.ts";
import { joining } from "./story.ts";

/** Four OUs, one of them nested, with the accounts that consume images. */
const units = [
  {
    id: "ou-exam-sandbox1",
    name: "Sandbox",
    accounts: [
      { id: "200000000001", name: "sandbox-ada" },
      { id: "200000000002", name: "sandbox-grace" },
      { id: "200000000003", name: "sandbox-linus" },
    ],
  },
  {
    id: "ou-exam-security",
    name: "Security",
    accounts: [
      { id: "300000000001", name: "security-audit" },
      { id: "300000000002", name: "security-logs" },
    ],
  },
  {
    id: "ou-exam-workload",
    name: "Workloads",
    accounts: [
      { id: "400000000001", name: "workload-build" },
      { id: "400000000002", name: "workload-test" },
    ],
    units: [
      {
        id: "ou-exam-produc11",
        name: "Production",
        accounts: [
          { id: "500000000001", name: "shop-production" },
          { id: "500000000002", name: "payments-production" },
          { id: "500000000003", name: "search-production" },
          { id: "500000000004", name: "mail-production" },
        ],
      },
    ],
  },
];

/** Directly under the root; images are shared with it by its id. */
const dataPlatform = { id: "444455556666", name: "data-platform" };

/** The twelve accounts that consume images. */
export const consumers: readonly { readonly id: string; readonly name: string }[] = [
  ...units.flatMap(({ accounts, units: nested = [] }) => [...accounts, ...nested.flatMap((unit) => unit.accounts)]),
  dataPlatform,
];

/** An account outside the organization: it must see no image. */
export const stranger = "600000000009";

/** The organization's management account, as it is called here. */
export const management = { id: "999988887777", name: "management" };

/** Every account except the factory's: consumers, the management account and the stranger. */
export const accountsOf = ({ organization }: Factory): string[] => [
  organization.managementAccountId,
  ...consumers.map(({ id }) => id),
  stranger,
];

/** Management, factory and consumers, as the embedded AWS is seeded. @param joined the account that joined the story's OU */
export const exampleOrganization = (
  { organization, buildRegion }: Factory,
  factoryAccount: string,
  joined?: string,
): OrganizationSeed => ({
  id: organization.id,
  rootId: "r-exam",
  management: { ...management, id: organization.managementAccountId },
  accounts: [
    {
      ...{ id: factoryAccount, name: "image-factory", defaultVpc: false },
      networks: [{ region: buildRegion, name: "image-builds" }],
    },
    dataPlatform,
  ],
  units: units.map((unit) =>
    joined && unit.id === joining.unit
      ? { ...unit, accounts: [...unit.accounts, { id: joined, name: joining.name }] }
      : unit,
  ),
});

/** The consumer accounts in an OU and the OUs below it; without an id, in the whole organization. */
export function consumersUnder(id?: string): { readonly name: string; readonly count: number } {
  if (id === undefined) return { name: "Root", count: consumers.length };
  const unit = units.flatMap((one) => [one, ...(one.units ?? [])]).find((one) => one.id === id);
  if (!unit) throw new Error(`demo/organization.ts has no OU ${id}.`);
  const below = units.filter((one) => one === unit).flatMap((one) => one.units ?? []);
  const accounts = [unit, ...below].flatMap((one) => one.accounts);
  return { name: unit.name, count: accounts.length };
}
