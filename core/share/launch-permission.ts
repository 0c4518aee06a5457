import type { Factory } from "../factory/factory-schema.ts";
import { organizationArn, organizationalUnitArn } from "../names.ts";
import type { Audience } from "./resolve-share.ts";

/** An AMI's launch permissions, without public sharing: the factory never shares publicly. */
export interface LaunchPermission {
  readonly organizationArns: readonly string[];
  readonly organizationalUnitArns: readonly string[];
  readonly accountIds: readonly string[];
}

export const noPermission: LaunchPermission = { organizationArns: [], organizationalUnitArns: [], accountIds: [] };

/** The launch permissions of a share's audience. */
export function toLaunchPermission(
  { organization }: Pick<Factory, "organization">,
  audience: Audience,
  partition: string,
): LaunchPermission {
  const { id, managementAccountId } = organization;
  return {
    organizationArns: audience.organization ? [organizationArn(partition, managementAccountId, id)] : [],
    organizationalUnitArns: audience.organizationalUnits.map((unit) =>
      organizationalUnitArn(partition, managementAccountId, id, unit),
    ),
    accountIds: audience.accounts,
  };
}

/** What `wanted` has and `present` lacks. */
export const missingFrom = (present: LaunchPermission, wanted: LaunchPermission): LaunchPermission => ({
  organizationArns: wanted.organizationArns.filter((arn) => !present.organizationArns.includes(arn)),
  organizationalUnitArns: wanted.organizationalUnitArns.filter((arn) => !present.organizationalUnitArns.includes(arn)),
  accountIds: wanted.accountIds.filter((id) => !present.accountIds.includes(id)),
});

/** Permissions in both. */
export const intersection = (a: LaunchPermission, b: LaunchPermission): LaunchPermission =>
  missingFrom(missingFrom(b, a), a);

/** Permissions in either, without duplicates. */
export const union = (a: LaunchPermission, b: LaunchPermission): LaunchPermission => ({
  organizationArns: [...new Set([...a.organizationArns, ...b.organizationArns])],
  organizationalUnitArns: [...new Set([...a.organizationalUnitArns, ...b.organizationalUnitArns])],
  accountIds: [...new Set([...a.accountIds, ...b.accountIds])],
});

/** Organizations, OUs and accounts in one list, for messages. */
export const entities = (permission: LaunchPermission): string[] => [
  ...permission.organizationArns,
  ...permission.organizationalUnitArns,
  ...permission.accountIds,
];
