import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { targetsOf } from "./attachments.ts";
import { requireContent } from "./policy-content.ts";
import { ownOrganization, pairsOf, parentResources, policyResources, policyTypeContext, setTags } from "./resources.ts";
import {
  constraintViolation,
  invalidInput,
  notBuilt,
  type Organization,
  POLICY_TYPES,
  type Policy,
  type PolicyType,
  refusal,
  rootOf,
} from "./state.ts";
import { toRoot } from "./tree.ts";

/** Limit of each type in an organization (user guide, "Quotas": 1,000 and more, by type). */
const MOST_POLICIES = 1000;

export const operations = {
  CreatePolicy: {
    authorize: ({ Type, Tags }) => [{ context: { ...policyTypeContext(Type), ...requestTagContext(pairsOf(Tags)) } }],
    run({ Name = "", Type, Description = "", Content = "", Tags }, call) {
      const organization = ownOrganization(call);
      const type = requireType(organization, Type);
      requireContent(type, Content);
      requireNewName(organization, type, Name);
      if ([...organization.policies.values()].filter((one) => one.type === type).length >= MOST_POLICIES) {
        throw constraintViolation(
          "POLICY_NUMBER_LIMIT_EXCEEDED",
          `An organization can have ${MOST_POLICIES} policies of this type.`,
        );
      }
      const id = `p-${call.aws.hexId(10)}`;
      const { managementAccount } = organization;
      const policy: Policy = {
        id,
        arn: `arn:aws:organizations::${managementAccount}:policy/${organization.id}/${type.toLowerCase()}/${id}`,
        type,
        awsManaged: false,
        name: Name,
        description: Description,
        content: Content,
      };
      setTags(organization, id, Tags);
      organization.policies.set(id, policy);
      return { Policy: toPolicy(policy) };
    },
  },
  UpdatePolicy: {
    authorize: ({ PolicyId }, call) => policyResources(call, PolicyId),
    run({ PolicyId, Name, Description, Content }, call) {
      const organization = ownOrganization(call);
      const policy = changeablePolicy(organization, PolicyId);
      if (Content !== undefined) requireContent(policy.type, Content);
      if (Name !== undefined && Name !== policy.name) requireNewName(organization, policy.type, Name);
      policy.name = Name ?? policy.name;
      policy.description = Description ?? policy.description;
      policy.content = Content ?? policy.content;
      organization.policiesChangedAt = new Date(call.aws.clock.now());
      return { Policy: toPolicy(policy) };
    },
  },
  DescribePolicy: {
    authorize: ({ PolicyId }, call) => policyResources(call, PolicyId),
    run: ({ PolicyId }, call) => ({ Policy: toPolicy(policyIn(ownOrganization(call), PolicyId)) }),
  },
  DeletePolicy: {
    authorize: ({ PolicyId }, call) => policyResources(call, PolicyId),
    run({ PolicyId }, call) {
      const organization = ownOrganization(call);
      const policy = changeablePolicy(organization, PolicyId);
      if (targetsOf(organization, policy).length > 0) {
        throw refusal("PolicyInUseException", "The policy is attached to one or more entities.");
      }
      organization.policies.delete(policy.id);
      organization.tags.delete(policy.id);
    },
  },
  ListPolicies: {
    list: "Policies",
    authorize: ({ Filter }) => [{ context: policyTypeContext(Filter) }],
    run({ Filter }, call) {
      const organization = ownOrganization(call);
      const type = requireType(organization, Filter);
      const all = [...organization.policies.values()].filter((policy) => policy.type === type);
      return { Policies: all.map(toSummary) };
    },
  },
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
  /**
   * Detaches all policies of the type. When enabled again, service control policies start with FullAWSAccess
   * everywhere.
   */
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

/** @throws PolicyNotFoundException */
export function policyIn({ policies }: Organization, id: string | undefined): Policy {
  const policy = policies.get(id ?? "");
  if (policy) return policy;
  throw refusal("PolicyNotFoundException", "You specified a policy that doesn't exist.");
}

function changeablePolicy(organization: Organization, id: string | undefined): Policy {
  const policy = policyIn(organization, id);
  if (!policy.awsManaged) return policy;
  throw invalidInput("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.");
}

function requireNewName({ policies }: Organization, type: PolicyType, name: string): void {
  if ([...policies.values()].some((policy) => policy.type === type && policy.name === name)) {
    throw refusal("DuplicatePolicyException", "A policy with the same name already exists.");
  }
}

const toPolicy = (policy: Policy) => ({ PolicySummary: toSummary(policy), Content: policy.content });

export const toSummary = ({ id, arn, name, description, type, awsManaged }: Policy): Sdk.PolicySummary => ({
  Id: id,
  Arn: arn,
  Name: name,
  Description: description,
  Type: type,
  AwsManaged: awsManaged,
});

function requireRoot(organization: Organization, id: string | undefined): void {
  if (rootOf(organization).id === id) return;
  throw refusal("RootNotFoundException", "You specified a root that doesn't exist.");
}

/** A supported type, in an organization that can have policies. */
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

/** Message from CloudTrail's sample of AttachPolicy, which writes the type as `ServiceControlPolicy`. */
export const notEnabled = (type: PolicyType) =>
  refusal(
    "PolicyTypeNotEnabledException",
    `The given policy type ${type === "SERVICE_CONTROL_POLICY" ? "ServiceControlPolicy" : type} is not enabled on the current view`,
  );
