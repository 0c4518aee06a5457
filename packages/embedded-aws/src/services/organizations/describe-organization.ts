import type {
  DescribeOrganizationCommandInput,
  DescribeOrganizationCommandOutput,
} from "@aws-sdk/client-organizations";
import { operation } from "../../engine/operation.ts";
import { accountIn, ownOrganization } from "./caller.ts";

/** Every member account may ask for it. */
export const describeOrganization = operation<
  DescribeOrganizationCommandInput,
  Partial<DescribeOrganizationCommandOutput>
>({
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
});
