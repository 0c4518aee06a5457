import type { Factory } from "./factory-schema.ts";

/** A consumer role that nobody could be told to whom it goes, and accounts that can never have it. */
export function checkConsumers({ consumers, organization }: Pick<Factory, "consumers" | "organization">): string[] {
  if (!consumers) return [];
  const { organizationalUnits, verify, canary } = consumers;
  const faults = verify.flatMap((id, nth) => [
    ...(verify.indexOf(id) < nth ? [`consumers.verify[${nth}]: "${id}" twice`] : []),
    ...refuseManagement(`consumers.verify[${nth}]`, id, organization.managementAccountId),
  ]);
  if (canary)
    faults.push(...refuseManagement("consumers.canary.account", canary.account, organization.managementAccountId));
  if (!organizationalUnits && !organization.rootId) {
    faults.push(
      "consumers.organizationalUnits: expected units, or organization.rootId for all of the organization, found neither",
    );
  }
  return faults;
}

/** StackSets user guide, "Service-managed permissions": nothing is deployed into the management account. */
const refuseManagement = (at: string, id: string, management: string): string[] =>
  id === management
    ? [`${at}: expected a member account, found the management account "${id}", which gets no role`]
    : [];
