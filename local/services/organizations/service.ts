import type { Service } from "../../operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { describeAccount, listAccounts, listAccountsForParent } from "./accounts.ts";
import { describeOrganization } from "./describe-organization.ts";
import { listTagsForResource } from "./list-tags-for-resource.ts";
import { listChildren, listParents, moveAccount } from "./tree.ts";
import { describeOrganizationalUnit, listOrganizationalUnitsForParent, listRoots } from "./units.ts";

/** AWS Organizations: read by the factory, written only by its seed and by MoveAccount. */
export const service: Service = {
  name: "organizations",
  region: "us-east-1",
  client: () => import("@aws-sdk/client-organizations"),
  operations: bindTokens(
    {
      DescribeAccount: describeAccount,
      DescribeOrganization: describeOrganization,
      DescribeOrganizationalUnit: describeOrganizationalUnit,
      ListAccounts: listAccounts,
      ListAccountsForParent: listAccountsForParent,
      ListChildren: listChildren,
      ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
      ListParents: listParents,
      ListRoots: listRoots,
      ListTagsForResource: listTagsForResource,
      MoveAccount: moveAccount,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidInputException" },
  ),
};
