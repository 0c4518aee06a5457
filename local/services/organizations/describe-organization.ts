import type {
  DescribeOrganizationCommandInput,
  DescribeOrganizationCommandOutput,
} from "@aws-sdk/client-organizations";
import { operation } from "../../operation.ts";
import { accountIn, ownOrganization } from "./caller.ts";

/** The only operation that every member account may ask for. */
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
        FeatureSet: "ALL",
        MasterAccountId: management.id,
        MasterAccountArn: management.arn,
        MasterAccountEmail: management.email,
        AvailablePolicyTypes: [],
      },
    };
  },
});
