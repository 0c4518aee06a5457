import type { EmbeddedAws } from "../../embedded-aws.ts";
import { lineOf, organizationWith, pathOf } from "./state.ts";

/** Where an account stands in its organization. */
export interface Membership {
  /** `o-...` */
  readonly id: string;
  /** `arn:aws:organizations::<management account>:organization/o-...` */
  readonly arn: string;
  readonly managementAccount: string;
  /** The units above the account, outermost first; the root is not among them. As many as the tree is deep there. */
  readonly units: readonly { readonly id: string; readonly arn: string }[];
  /** `o-.../r-.../ou-.../`: the condition key aws:PrincipalOrgPaths. */
  readonly path: string;
}

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
