import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { organizationWith } from "../organizations/state.ts";
import { isLivePrincipal, means } from "./principals.ts";
import { grantedActions, typeOf } from "./shareable-resources.ts";
import { type Association, type Share, sharesIn } from "./state.ts";

/** A disassociated entry or a deleted share stays visible for two hours (RAM user guide, "Deleting a share"). */
const KEPT_MS = 2 * 3600_000;

/** A share's entries, without principals that are no longer valid and entries removed long ago. */
export const associationsOf = (aws: EmbeddedAws, share: Share): Association[] =>
  [...share.associations.values()].filter(
    (one) =>
      !(one.status === "DISASSOCIATED" && one.updated + KEPT_MS <= aws.clock.now()) &&
      (one.kind === "RESOURCE" || one.status === "DISASSOCIATED" || isLivePrincipal(aws, share.owner, one)),
  );

export const isVisible = (aws: EmbeddedAws, { status, updated }: Share): boolean =>
  status !== "DELETED" || updated + KEPT_MS > aws.clock.now();

/** A share's active principals that include an account. */
export const principalsMeaning = (aws: EmbeddedAws, share: Share, account: string): Association[] =>
  associationsOf(aws, share).filter(
    (one) => one.kind === "PRINCIPAL" && one.status === "ASSOCIATED" && means(one, aws, account),
  );

/** Other accounts' shares that an account can use. Shares of a closed account have no effect. */
export const sharesReaching = (aws: EmbeddedAws, account: string, region: string): Share[] =>
  [...sharesIn(aws, region)].filter(
    (share) =>
      share.owner !== account &&
      share.status === "ACTIVE" &&
      (organizationWith(aws, share.owner)?.accounts.get(share.owner)?.status ?? "ACTIVE") === "ACTIVE" &&
      principalsMeaning(aws, share, account).length > 0,
  );

/** ARNs that other accounts share with an account in a region, once each. */
export const resourcesShared = (aws: EmbeddedAws, account: string, region: string): string[] => [
  ...new Set(sharesReaching(aws, account, region).flatMap((share) => resourcesIn(aws, share))),
];

/** The policy that shares add to a resource for an account; undefined if no share includes the account. */
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
