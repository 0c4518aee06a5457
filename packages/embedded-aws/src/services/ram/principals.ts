import type * as Sdk from "@aws-sdk/client-ram";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { organizationOf, organizationWith } from "../organizations/state.ts";
import type { Association, Share } from "./state.ts";
import { invalidParameter } from "./state.ts";

interface KnownPrincipal {
  readonly entity: string;
  readonly external: boolean;
}

const ORGANIZATION = /^arn:[^:]+:organizations::\d{12}:organization\/(o-[a-z0-9]{10,32})$/;

const UNIT = /^arn:[^:]+:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;

/**
 * Validates a principal for a share. RAM knows an organization and its OUs only while sharing with it is enabled (RAM
 * user guide, "Troubleshooting": "could not be found", "is not in your AWS organization").
 * @throws InvalidParameterException, UnknownResourceException
 */
export function requirePrincipal(
  aws: EmbeddedAws,
  { owner, allowExternal }: Pick<Share, "owner" | "allowExternal">,
  entity: string,
): KnownPrincipal {
  if (/^\d{12}$/.test(entity)) {
    const external = !isColleague(aws, owner, entity);
    if (!external || allowExternal) return { entity, external };
    throw invalidParameter(
      `Principal ${entity} is not in your AWS organization. You do not have permission to add external AWS accounts to a resource share.`,
    );
  }
  if (/^arn:[^:]+:iam::\d{12}:(?:role|user)\//.test(entity) || /^[\w.-]+\.amazonaws\.com$/.test(entity)) {
    const what = "accounts, organizational units and organizations";
    throw new AwsError("NotImplemented", `ram: principal ${entity}: only ${what} are built in the embedded AWS`);
  }
  const organization = ORGANIZATION.exec(entity)?.[1];
  const unit = UNIT.exec(entity)?.[1];
  if (!organization && !unit) {
    throw invalidParameter(`Principal ID ${entity} is malformed. Verify the ID and try again.`);
  }
  if (sharesWithOrganization(aws, owner) && isThere(aws, owner, entity)) return { entity, external: false };
  const what = organization ? `Organization ${organization}` : `OrganizationalUnit ${unit}`;
  throw new AwsError("UnknownResourceException", `${what} could not be found.`);
}

/** Whether the account is in the owner's organization, which has sharing enabled. */
const isColleague = (aws: EmbeddedAws, owner: string, account: string): boolean =>
  sharesWithOrganization(aws, owner) && organizationOf(aws, owner)?.id === organizationOf(aws, account)?.id;

/** Whether an ARN names the owner's organization or a part of it. */
function isThere(aws: EmbeddedAws, owner: string, arn: string): boolean {
  const organization = organizationWith(aws, owner);
  if (organization?.arn === arn) return true;
  const unit = organization?.units.get(arn.slice(arn.lastIndexOf("/") + 1));
  return unit?.arn === arn;
}

/**
 * Whether a principal is still valid: an account that left the owner's organization and a deleted OU are not, nor is
 * any after the owner left. Invited principals stay.
 */
export const isLivePrincipal = (aws: EmbeddedAws, owner: string, { entity, external }: Association): boolean =>
  external || (/^\d{12}$/.test(entity) ? isColleague(aws, owner, entity) : isThere(aws, owner, entity));

/** Whether a principal includes an account: directly, or through an OU or the organization. */
export function means({ entity }: Pick<Association, "entity">, aws: EmbeddedAws, account: string): boolean {
  if (entity === account) return true;
  const membership = organizationOf(aws, account);
  return membership?.arn === entity || (membership?.units.some(({ arn }) => arn === entity) ?? false);
}

/** Ids of the organizations whose accounts share without invitations. */
const sharing = defineState<Set<string>>("ram.sharing-organizations", () => new Set());

/** Whether the account's organization has sharing enabled, and still trusts RAM. False outside organizations. */
function sharesWithOrganization(aws: EmbeddedAws, account: string): boolean {
  const organization = organizationWith(aws, account);
  if (!organization?.trusted.has("ram.amazonaws.com")) return false;
  return aws.state(sharing, "", "").has(organization.id);
}

export const operations = {
  /**
   * For the management account only (RAM user guide, "Enable resource sharing within AWS Organizations"). Requires the
   * permissions to enable trusted access and to create RAM's service-linked role. RAM's API cannot disable it.
   */
  EnableSharingWithAwsOrganization: {
    authorize: (_input, { account }) => [
      {},
      { action: "organizations:DescribeOrganization" },
      {
        action: "iam:CreateServiceLinkedRole",
        resources: [
          `arn:aws:iam::${account}:role/aws-service-role/ram.amazonaws.com/AWSServiceRoleForResourceAccessManager`,
        ],
        context: { "iam:AWSServiceName": "ram.amazonaws.com" },
      },
    ],
    async run(_input, call) {
      const { aws, account } = call;
      const organization = organizationWith(aws, account);
      if (organization?.managementAccount !== account) {
        throw new AwsError(
          "OperationNotPermittedException",
          "Only the management account of an organization can enable sharing with AWS Organizations.",
        );
      }
      await aws.call("organizations", "EnableAWSServiceAccess", { ServicePrincipal: "ram.amazonaws.com" }, call);
      aws.state(sharing, "", "").add(organization.id);
      return { returnValue: true };
    },
  },
} satisfies Operations<typeof Sdk>;
