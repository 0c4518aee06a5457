import type { EmbeddedAws } from "../../embedded-aws.ts";
import { defineState } from "../../state.ts";

export type AccountState = "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE";

/** The root or an organizational unit. */
export interface Unit {
  /** `r-...` or `ou-...` */
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  /** Undefined for the root. */
  readonly parent: string | undefined;
}

export interface MemberAccount {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly email: string;
  status: AccountState;
  /** The management account was there first; the others were created in the organization. */
  readonly joined: "INVITED" | "CREATED";
  readonly joinedAt: Date;
  /** Id of the root or unit that it lies in. */
  parent: string;
}

export interface Organization {
  /** `o-...` */
  readonly id: string;
  readonly arn: string;
  readonly managementAccount: string;
  /** The root first. */
  readonly units: Map<string, Unit>;
  readonly accounts: Map<string, MemberAccount>;
  /** By the id of an account, unit, root. */
  readonly tags: Map<string, ReadonlyMap<string, string>>;
}

const organizations = defineState<Organization[]>("organizations", () => []);

/** All organizations: they belong to no single account, so they are kept outside of all. */
export const organizationsOf = (aws: EmbeddedAws): Organization[] => aws.state(organizations, "", "");

/** The organization that an account is in. */
export const organizationWith = (aws: EmbeddedAws, account: string): Organization | undefined =>
  organizationsOf(aws).find(({ accounts }) => accounts.has(account));

/** An organization has one root. */
export function rootOf({ units }: Organization): Unit {
  const [root] = units.values();
  if (!root) throw new Error("An organization has a root");
  return root;
}
