import type { Factory } from "../../core/factory/factory-schema.ts";

/** An account of the example organization. */
export interface ExampleAccount {
  readonly id: string;
  readonly name: string;
  /** The organizational unit it lies in; left out: the root. */
  readonly unit?: string;
}

/** Four organizational units, two of them inside another: what the example factory shares with. */
export const units = [
  { id: "ou-exam-sandbox1", name: "Sandbox" },
  { id: "ou-exam-security", name: "Security" },
  { id: "ou-exam-workload", name: "Workloads" },
  { id: "ou-exam-produc11", name: "Production", parent: "ou-exam-workload" },
] as const;

/** The twelve accounts that consume images. */
export const consumers: readonly ExampleAccount[] = [
  { id: "200000000001", name: "sandbox-ada", unit: "ou-exam-sandbox1" },
  { id: "200000000002", name: "sandbox-grace", unit: "ou-exam-sandbox1" },
  { id: "200000000003", name: "sandbox-linus", unit: "ou-exam-sandbox1" },
  { id: "300000000001", name: "security-audit", unit: "ou-exam-security" },
  { id: "300000000002", name: "security-logs", unit: "ou-exam-security" },
  { id: "400000000001", name: "workload-build", unit: "ou-exam-workload" },
  { id: "400000000002", name: "workload-test", unit: "ou-exam-workload" },
  { id: "500000000001", name: "shop-production", unit: "ou-exam-produc11" },
  { id: "500000000002", name: "payments-production", unit: "ou-exam-produc11" },
  { id: "500000000003", name: "search-production", unit: "ou-exam-produc11" },
  { id: "500000000004", name: "mail-production", unit: "ou-exam-produc11" },
  { id: "444455556666", name: "data-platform" },
];

/** An account of nobody we know: whatever is shared, it must see nothing. */
export const stranger = "600000000009";

/** Management, factory and consumers, as the embedded AWS is seeded. */
export const exampleOrganization = ({ organization }: Factory, factoryAccount: string) => ({
  id: organization.id,
  managementAccount: { id: organization.managementAccountId, name: "management" },
  units,
  accounts: [{ id: factoryAccount, name: "image-factory" }, ...consumers],
});
