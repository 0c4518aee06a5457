import type * as Sdk from "@aws-sdk/client-ram";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";
import { organizationWith } from "../organizations/state.ts";

/** Ids of the organizations whose accounts share without invitations. */
const sharing = defineState<Set<string>>("ram.sharing-organizations", () => new Set());

/** Whether the account's organization has sharing enabled, and still trusts RAM. False outside organizations. */
export function sharesWithOrganization(aws: EmbeddedAws, account: string): boolean {
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
