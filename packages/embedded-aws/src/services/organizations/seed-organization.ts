import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { seedOrganizationTrail } from "../cloudtrail/seed-organization-trail.ts";
import { type NetworkSeed, seedNetwork } from "../ec2/network/seed-network.ts";
import { removeDefaultVpcs } from "../ec2/network/state.ts";
import { refusal } from "./refusals.ts";
import {
  type AccountState,
  arnOf,
  fullAccess,
  type Organization,
  organizationsOf,
  organizationWith,
  type Unit,
} from "./state.ts";

type Tags = Readonly<Record<string, string>>;

interface SeedAccount {
  /** 12 digits */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly status?: AccountState;
  readonly tags?: Tags;
  /** `false`: deleted in every region, as many landing zones do it. */
  readonly defaultVpc?: boolean;
  readonly networks?: readonly NetworkSeed[];
}

interface SeedUnit {
  readonly name: string;
  /** `ou-<the root's suffix>-<8 to 32 letters and digits>`; made up when left out. */
  readonly id?: string;
  readonly tags?: Tags;
  readonly accounts?: readonly SeedAccount[];
  readonly units?: readonly SeedUnit[];
}

export interface OrganizationSeed {
  /** `o-<10 to 32 letters and digits>`; made up when left out. */
  readonly id?: string;
  /** `r-<4 to 32 letters and digits>`; made up when left out. */
  readonly rootId?: string;
  /** `ALL` when left out; with `CONSOLIDATED_BILLING` there are neither policies nor trusted services. */
  readonly featureSet?: Organization["featureSet"];
  readonly management: SeedAccount;
  /** Accounts directly under the root, besides the management account. */
  readonly accounts?: readonly SeedAccount[];
  readonly units?: readonly SeedUnit[];
  /**
   * Whether CloudTrail records the calls of every account in every region; `organization` when left out. Without a trail
   * no event of an API call comes, those of Organizations included.
   */
  readonly trail?: "organization" | "none";
}

/**
 * An organization as it stands when the story begins.
 * @throws AwsError AccountAlreadyRegisteredException for an account that is in an organization
 */
export function seedOrganization(aws: EmbeddedAws, seed: OrganizationSeed): Organization {
  const id = seed.id ?? `o-${aws.hexId(10)}`;
  const owner = seed.management.id;
  const featureSet = seed.featureSet ?? "ALL";
  const policy = fullAccess();
  const organization: Organization = {
    id,
    arn: `arn:${aws.partition}:organizations::${owner}:organization/${id}`,
    managementAccount: owner,
    featureSet,
    units: new Map(),
    accounts: new Map(),
    tags: new Map(),
    creations: new Map(),
    closings: [],
    // CreateOrganization: with all features, service control policies are enabled in the root.
    policyTypes: new Set(featureSet === "ALL" ? ["SERVICE_CONTROL_POLICY"] : []),
    policies: new Map([[policy.id, policy]]),
    attachments: new Map(),
    policiesChangedAt: new Date(aws.clock.now()),
    trusted: new Map(),
    delegated: new Map(),
    resourcePolicy: undefined,
  };
  const rootId = seed.rootId ?? `r-${aws.hexId(4)}`;
  const root = newUnit({ id: rootId, arn: arnOf(organization, "root", rootId), name: "Root", parent: undefined });
  organization.units.set(rootId, root);
  addAccount(aws, organization, root, seed.management);
  for (const account of seed.accounts ?? []) addAccount(aws, organization, root, account);
  for (const unit of seed.units ?? []) addUnit(aws, organization, root, unit);
  organizationsOf(aws).push(organization);
  if (seed.trail !== "none") seedOrganizationTrail(aws, organization);
  return organization;
}

export const newUnit = (unit: Omit<Unit, "units" | "accounts">): Unit => ({
  ...unit,
  units: new Set(),
  accounts: new Set(),
});

function addUnit(aws: EmbeddedAws, organization: Organization, parent: Unit, seed: SeedUnit): void {
  const [root] = organization.units.keys();
  const id = seed.id ?? `ou-${root?.slice("r-".length)}-${aws.hexId(8)}`;
  const unit = newUnit({ id, arn: arnOf(organization, "ou", id), name: seed.name, parent: parent.id });
  organization.units.set(id, unit);
  parent.units.add(id);
  if (seed.tags) organization.tags.set(id, new Map(Object.entries(seed.tags)));
  for (const account of seed.accounts ?? []) addAccount(aws, organization, unit, account);
  for (const child of seed.units ?? []) addUnit(aws, organization, unit, child);
}

function addAccount(aws: EmbeddedAws, organization: Organization, parent: Unit, seed: SeedAccount): void {
  if (organization.accounts.has(seed.id) || organizationWith(aws, seed.id)) {
    throw refusal("AccountAlreadyRegisteredException", `Account ${seed.id} is already in an organization.`);
  }
  organization.accounts.set(seed.id, {
    id: seed.id,
    arn: arnOf(organization, "account", seed.id),
    name: seed.name,
    email: seed.email ?? `${seed.name}@example.com`,
    status: seed.status ?? "ACTIVE",
    joined: seed.id === organization.managementAccount ? "INVITED" : "CREATED",
    joinedAt: new Date(aws.clock.now()),
    parent: parent.id,
  });
  parent.accounts.add(seed.id);
  if (seed.tags) organization.tags.set(seed.id, new Map(Object.entries(seed.tags)));
  if (seed.defaultVpc === false) removeDefaultVpcs(aws, seed.id);
  for (const network of seed.networks ?? []) seedNetwork(aws, seed.id, network);
}
