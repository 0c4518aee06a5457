import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { accountIn, ownOrganization } from "./caller.ts";

export const operations = {
  /** Every member account may ask for it. */
  DescribeOrganization: {
    run(_input, call) {
      const organization = ownOrganization(call);
      const management = accountIn(organization, organization.managementAccount);
      return {
        Organization: {
          Id: organization.id,
          Arn: organization.arn,
          FeatureSet: organization.featureSet,
          MasterAccountId: management.id,
          MasterAccountArn: management.arn,
          MasterAccountEmail: management.email,
          // API reference: incomplete on purpose and not to be used; ListRoots knows what is enabled.
          AvailablePolicyTypes:
            organization.featureSet === "ALL" ? [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }] : [],
        },
      };
    },
  },
} satisfies Operations<typeof Sdk>;
