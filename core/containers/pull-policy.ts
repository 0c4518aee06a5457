import type { Share } from "../factory/share-schema.ts";
import type { PolicyDocument, PolicyStatement } from "../repair/policy-difference.ts";

/**
 * The actions that `docker pull` needs in a repository: manifest and layers by digest or tag, no listing (ECR user guide,
 * "Private repository policy examples"). Each account gets its authorization token from its own registry.
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
 * The policy of a channel's repository: the organization, OUs and accounts of a share may pull all its images. Accounts that
 * join or leave are covered automatically. The factory's own account is excluded, because within an account a policy for
 * every principal would allow each of its roles; IAM policies apply there instead.
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
              // An account's path ends with a slash, so that an OU includes itself and all OUs below it.
              Condition: {
                "ForAnyValue:StringLike": {
                  "aws:PrincipalOrgPaths": organizationalUnits.map((ou) => `${place.organization}/*/${ou}/*`),
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
