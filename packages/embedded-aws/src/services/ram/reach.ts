import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { organizationWith } from "../organizations/state.ts";
import { isLivePrincipal, means } from "./principals.ts";
import { grantedActions, typeOf } from "./shareable-resources.ts";
import { type Association, type Share, sharesIn } from "./state.ts";

/** A disassociated entry, and a deleted share, can be seen for two hours more (RAM user guide, "Deleting a share"). */
const KEPT_MS = 2 * 3600_000;

/** What a share has: without principals that are no more, and what was taken out long ago. */
export const associationsOf = (aws: EmbeddedAws, share: Share): Association[] =>
  [...share.associations.values()].filter(
    (one) =>
      !(one.status === "DISASSOCIATED" && one.updated + KEPT_MS <= aws.clock.now()) &&
      (one.kind === "RESOURCE" || one.status === "DISASSOCIATED" || isLivePrincipal(aws, share.owner, one)),
  );

export const isVisible = (aws: EmbeddedAws, { status, updated }: Share): boolean =>
  status !== "DELETED" || updated + KEPT_MS > aws.clock.now();

/** The principals of a share, in effect, that mean an account. */
export const principalsMeaning = (aws: EmbeddedAws, share: Share, account: string): Association[] =>
  associationsOf(aws, share).filter(
    (one) => one.kind === "PRINCIPAL" && one.status === "ASSOCIATED" && means(one, aws, account),
  );

/** Shares of others that an account can use. What a closed account shares reaches nobody. */
export const sharesReaching = (aws: EmbeddedAws, account: string, region: string): Share[] =>
  [...sharesIn(aws, region)].filter(
    (share) =>
      share.owner !== account &&
      share.status === "ACTIVE" &&
      (organizationWith(aws, share.owner)?.accounts.get(share.owner)?.status ?? "ACTIVE") === "ACTIVE" &&
      principalsMeaning(aws, share, account).length > 0,
  );

/** ARNs that an account was given by others in a region, once each. */
export const resourcesShared = (aws: EmbeddedAws, account: string, region: string): string[] => [
  ...new Set(sharesReaching(aws, account, region).flatMap((share) => resourcesIn(aws, share))),
];

/** What RAM puts on a resource for an account, as that resource's policy; undefined where no share reaches it. */
export function sharingPolicy(aws: EmbeddedAws, account: string, region: string, arn: string): string | undefined {
  const actions = sharesReaching(aws, account, region)
    .filter((share) => resourcesIn(aws, share).includes(arn))
    .flatMap(({ permissions }) => grantedActions(permissions, typeOf(arn)));
  if (actions.length === 0) return undefined;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: [...new Set(actions)], Resource: arn }],
  });
}

const resourcesIn = (aws: EmbeddedAws, share: Share): string[] =>
  associationsOf(aws, share)
    .filter(({ kind, status }) => kind === "RESOURCE" && status === "ASSOCIATED")
    .map(({ entity }) => entity);
