import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { attachRolePolicy, listAttachedRolePolicies } from "./attached-policies.ts";
import { createRole } from "./create-role.ts";
import { createServiceLinkedRole } from "./create-service-linked-role.ts";
import { deleteRole } from "./delete-role.ts";
import { getRole, listRoles } from "./find-roles.ts";
import { getRolePolicy, listRolePolicies, putRolePolicy } from "./inline-policies.ts";
import { addRoleToInstanceProfile, createInstanceProfile, getInstanceProfile } from "./instance-profiles.ts";
import { putRolePermissionsBoundary } from "./permissions-boundary.ts";
import { createPolicy, getPolicy, getPolicyVersion } from "./policies.ts";
import { IAM_REGION } from "./state.ts";

export const service: Service = {
  name: "iam",
  region: IAM_REGION,
  client: () => import("@aws-sdk/client-iam"),
  operations: bindTokens(
    {
      AddRoleToInstanceProfile: addRoleToInstanceProfile,
      AttachRolePolicy: attachRolePolicy,
      CreateInstanceProfile: createInstanceProfile,
      CreatePolicy: createPolicy,
      CreateRole: createRole,
      CreateServiceLinkedRole: createServiceLinkedRole,
      DeleteRole: deleteRole,
      GetInstanceProfile: getInstanceProfile,
      GetPolicy: getPolicy,
      GetPolicyVersion: getPolicyVersion,
      GetRole: getRole,
      GetRolePolicy: getRolePolicy,
      ListAttachedRolePolicies: listAttachedRolePolicies,
      ListRolePolicies: listRolePolicies,
      ListRoles: listRoles,
      PutRolePermissionsBoundary: putRolePermissionsBoundary,
      PutRolePolicy: putRolePolicy,
    },
    { asked: "Marker", given: "Marker", refusal: "ValidationError" },
  ),
};
