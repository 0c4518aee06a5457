import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { ownOrganization } from "./caller.ts";
import { POLICY_TYPES, type PolicyType } from "./policy.ts";
import { notBuilt, refusal } from "./refusals.ts";
import { parentResources, policyTypeContext } from "./resources.ts";
import { type Organization, rootOf } from "./state.ts";
import { toRoot } from "./units.ts";

export const operations = {
  EnablePolicyType: {
    authorize: ({ RootId, PolicyType }, call) => parentResources(call, RootId, policyTypeContext(PolicyType)),
    run({ RootId, PolicyType }, call) {
      const organization = ownOrganization(call);
      requireRoot(organization, RootId);
      const type = requireType(organization, PolicyType);
      if (organization.policyTypes.has(type)) {
        throw refusal("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.");
      }
      organization.policyTypes.add(type);
      organization.policiesChangedAt = new Date(call.aws.clock.now());
      return { Root: toRoot(organization) };
    },
  },
  /** Detaches all policies of the type; enabled again, service control policies begin with FullAWSAccess everywhere. */
  DisablePolicyType: {
    authorize: ({ RootId, PolicyType }, call) => parentResources(call, RootId, policyTypeContext(PolicyType)),
    run({ RootId, PolicyType }, call) {
      const organization = ownOrganization(call);
      requireRoot(organization, RootId);
      const type = requireType(organization, PolicyType);
      if (!organization.policyTypes.delete(type)) throw notEnabled(type);
      organization.attachments.delete(type);
      organization.policiesChangedAt = new Date(call.aws.clock.now());
      return { Root: toRoot(organization) };
    },
  },
} satisfies Operations<typeof Sdk>;

function requireRoot(organization: Organization, id: string | undefined): void {
  if (rootOf(organization).id === id) return;
  throw refusal("RootNotFoundException", "You specified a root that doesn't exist.");
}

/** A type that is built, in an organization that can have policies. */
export function requireType({ featureSet }: Organization, type: string | undefined): PolicyType {
  if (featureSet !== "ALL") {
    throw refusal(
      "PolicyTypeNotAvailableForOrganizationException",
      "You can't use the specified policy type with the feature set currently enabled for this organization.",
    );
  }
  const built = POLICY_TYPES.find((one) => one === type);
  if (built) return built;
  throw notBuilt(`the policy type ${type}`);
}

/** In the words of CloudTrail's sample of AttachPolicy: the type is written `ServiceControlPolicy` there. */
export const notEnabled = (type: PolicyType) =>
  refusal(
    "PolicyTypeNotEnabledException",
    `The given policy type ${type === "SERVICE_CONTROL_POLICY" ? "ServiceControlPolicy" : type} is not enabled on the current view`,
  );
