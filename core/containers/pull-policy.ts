import type { Share } from "../factory/share-schema.ts";
import type { PolicyDocument, PolicyStatement } from "../repair/policy-difference.ts";

/**
 * What `docker pull` asks of a repository, beside a token that each account gets for itself (ECR user guide, "Private
 * repository policy examples"): manifest and layers by digest or tag. It lists nothing.
 */
const PULL_ACTIONS = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

interface Place {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  /** The organization's id, `o-...`. */
  readonly organization: string;
}

/**
 * The policy of a channel's repository: whom a share names may pull all that lies in it. Accounts follow organization and
 * units by themselves. The factory's own account is left to IAM: within an account, a policy that names everybody would
 * be enough for each of its roles.
 */
export function pullPolicy(
  { organization, organizationalUnits, accounts }: Pick<Share, "organization" | "organizationalUnits" | "accounts">,
  place: Place,
): PolicyDocument {
  const elsewhere = { StringNotEquals: { "aws:PrincipalAccount": place.account } };
  const allow = (Sid: string, rest: object): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Action: PULL_ACTIONS,
    ...rest,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      ...(organization
        ? [
            allow("Organization", {
              Principal: "*",
              Condition: { StringEquals: { "aws:PrincipalOrgID": place.organization }, ...elsewhere },
            }),
          ]
        : []),
      ...(organizationalUnits.length > 0
        ? [
            allow("Units", {
              Principal: "*",
              // An account's path ends with a slash, so that a unit stands for itself and for all below it.
              Condition: {
                "ForAnyValue:StringLike": {
                  "aws:PrincipalOrgPaths": organizationalUnits.map((unit) => `${place.organization}/*/${unit}/*`),
                },
                ...elsewhere,
              },
            }),
          ]
        : []),
      ...(accounts.length > 0
        ? [
            allow("Accounts", {
              Principal: { AWS: accounts.map((id) => `arn:${place.partition}:iam::${id}:root`) },
            }),
          ]
        : []),
    ],
  };
}
