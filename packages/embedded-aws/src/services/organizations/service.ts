import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { guarded } from "./access.ts";
import { describeAccount, listAccounts, listAccountsForParent } from "./accounts.ts";
import { attachPolicy, detachPolicy, listPoliciesForTarget, listTargetsForPolicy } from "./attach-policy.ts";
import { createOrganizationalUnit, deleteOrganizationalUnit, updateOrganizationalUnit } from "./change-units.ts";
import { createAccount, describeCreateAccountStatus } from "./create-account.ts";
import {
  deregisterDelegatedAdministrator,
  listDelegatedAdministrators,
  listDelegatedServicesForAccount,
  registerDelegatedAdministrator,
} from "./delegated-administrators.ts";
import { describeOrganization } from "./describe-organization.ts";
import { describeEffectivePolicy } from "./effective-policy.ts";
import { closeAccount, removeAccountFromOrganization } from "./end-membership.ts";
import { createPolicy, deletePolicy, describePolicy, listPolicies, updatePolicy } from "./policies.ts";
import { disablePolicyType, enablePolicyType } from "./policy-types.ts";
import { recorded } from "./recorded.ts";
import { deleteResourcePolicy, describeResourcePolicy, putResourcePolicy } from "./resource-policy.ts";
import {
  disableAWSServiceAccess,
  enableAWSServiceAccess,
  listAWSServiceAccessForOrganization,
} from "./service-access.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";
import { listChildren, listParents, moveAccount } from "./tree.ts";
import { describeOrganizationalUnit, listOrganizationalUnitsForParent, listRoots } from "./units.ts";

/** AWS Organizations, but for invitations: accounts are seeded or created. */
export const service: Service = {
  name: "organizations",
  region: "us-east-1",
  recorded,
  client: () => import("@aws-sdk/client-organizations"),
  operations: bindTokens(
    guarded({
      AttachPolicy: attachPolicy,
      CloseAccount: closeAccount,
      CreateAccount: createAccount,
      CreateOrganizationalUnit: createOrganizationalUnit,
      CreatePolicy: createPolicy,
      DeleteOrganizationalUnit: deleteOrganizationalUnit,
      DeletePolicy: deletePolicy,
      DeleteResourcePolicy: deleteResourcePolicy,
      DeregisterDelegatedAdministrator: deregisterDelegatedAdministrator,
      DescribeAccount: describeAccount,
      DescribeCreateAccountStatus: describeCreateAccountStatus,
      DescribeEffectivePolicy: describeEffectivePolicy,
      DescribeOrganization: describeOrganization,
      DescribeOrganizationalUnit: describeOrganizationalUnit,
      DescribePolicy: describePolicy,
      DescribeResourcePolicy: describeResourcePolicy,
      DetachPolicy: detachPolicy,
      DisableAWSServiceAccess: disableAWSServiceAccess,
      DisablePolicyType: disablePolicyType,
      EnableAWSServiceAccess: enableAWSServiceAccess,
      EnablePolicyType: enablePolicyType,
      ListAWSServiceAccessForOrganization: listAWSServiceAccessForOrganization,
      ListAccounts: listAccounts,
      ListAccountsForParent: listAccountsForParent,
      ListChildren: listChildren,
      ListDelegatedAdministrators: listDelegatedAdministrators,
      ListDelegatedServicesForAccount: listDelegatedServicesForAccount,
      ListOrganizationalUnitsForParent: listOrganizationalUnitsForParent,
      ListParents: listParents,
      ListPolicies: listPolicies,
      ListPoliciesForTarget: listPoliciesForTarget,
      ListRoots: listRoots,
      ListTagsForResource: listTagsForResource,
      ListTargetsForPolicy: listTargetsForPolicy,
      MoveAccount: moveAccount,
      PutResourcePolicy: putResourcePolicy,
      RegisterDelegatedAdministrator: registerDelegatedAdministrator,
      RemoveAccountFromOrganization: removeAccountFromOrganization,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateOrganizationalUnit: updateOrganizationalUnit,
      UpdatePolicy: updatePolicy,
    }),
    { asked: "NextToken", given: "NextToken", refusal: "InvalidInputException" },
  ),
};
