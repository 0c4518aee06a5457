import type { Image } from "../factory/image-schema.ts";
import type { IdOrTag } from "../factory/network-schema.ts";
import type { Consumers, Share } from "../factory/share-schema.ts";
import type { OrganizationTree } from "../organization/organization-tree.ts";
import { findReached, needsTree, plainAudience, resolveShare } from "./resolve-share.ts";

/** The consumer accounts in which a channel's share is verified. */
export interface VerificationPlan {
  readonly accounts: readonly string[];
  /** The account in which an instance is launched, and its type; undefined if the channel does not reach it. */
  readonly canary: PlannedCanary | undefined;
  /** By account; the others use a subnet of the default VPC. */
  readonly subnets: Readonly<Record<string, IdOrTag>>;
}

export interface PlannedCanary {
  readonly account: string;
  readonly instanceType: string;
  readonly autoScaling: boolean;
}

/** Whether the organization's tree is needed. */
export const asksTree = ({ organizationalUnits, ...share }: Share): boolean =>
  needsTree({ organizationalUnits, ...share }) || organizationalUnits.length > 0;

interface Asked {
  readonly consumers: Consumers;
  readonly share: Share;
  readonly architecture: Image["architecture"];
  readonly region: string;
}

/** Selects the configured accounts that the channel reaches; the others are not verified. */
export function planVerification(
  { consumers, share, architecture, region }: Asked,
  tree: OrganizationTree | undefined,
): VerificationPlan {
  const { verify, canary } = consumers;
  const reaches = toReach(share, tree);
  const accounts = [...new Set([...verify, ...(canary ? [canary.account] : [])])].filter(reaches);
  return {
    accounts,
    canary:
      canary && reaches(canary.account)
        ? {
            account: canary.account,
            instanceType: canary.instanceTypes[architecture],
            autoScaling: canary.autoScaling,
          }
        : undefined,
    subnets: Object.fromEntries(
      accounts.flatMap((account) => {
        const subnet = subnetOf(consumers, account, region);
        return subnet === undefined ? [] : [[account, subnet]];
      }),
    ),
  };
}

function subnetOf({ subnets }: Consumers, account: string, region: string): IdOrTag | undefined {
  const where = subnets[account] ?? subnets["*"];
  return where && ("tag" in where ? (where as IdOrTag) : where[region]);
}

function toReach(share: Share, tree: OrganizationTree | undefined): (account: string) => boolean {
  if (!tree) {
    const { organization, accounts } = plainAudience(share);
    return (account) => organization || accounts.includes(account);
  }
  const audience = needsTree(share) ? resolveShare(share, tree) : plainAudience(share);
  const reached = new Set(findReached(audience, tree).map(({ id }) => id));
  return (account) => reached.has(account);
}
