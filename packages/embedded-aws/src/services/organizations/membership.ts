import type { Membership } from "../../engine/directory.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { lineOf, organizationWith, pathOf } from "./state.ts";

/** Undefined for an account outside every organization. */
export function organizationOf(aws: EmbeddedAws, account: string): Membership | undefined {
  const organization = organizationWith(aws, account);
  const parent = organization?.accounts.get(account)?.parent;
  if (!organization || !parent) return undefined;
  const [, ...units] = lineOf(organization, parent);
  return {
    id: organization.id,
    arn: organization.arn,
    managementAccount: organization.managementAccount,
    units: units.map(({ id, arn }) => ({ id, arn })),
    path: pathOf(organization, parent),
  };
}
