import type * as Sdk from "@aws-sdk/client-organizations";
import type { Authorization, Call, Operations } from "../../engine/operation.ts";
import { attach, attachedTo, targetsOf } from "./attachments.ts";
import { notEnabled, policyIn, requireType, toSummary } from "./policies.ts";
import { anyResources, ownOrganization, policyResources, policyTypeContext } from "./resources.ts";
import { constraintViolation, type Organization, type PolicyType, refusal, targetNotFound } from "./state.ts";

/** Limit of policies of a type on one root, OU or account (user guide, "Quotas"). */
const MOST: Readonly<Record<PolicyType, number>> = { SERVICE_CONTROL_POLICY: 5, DECLARATIVE_POLICY_EC2: 10 };

export const operations = {
  AttachPolicy: {
    authorize: (input, call) => both(input, call),
    run({ PolicyId, TargetId }, call) {
      const organization = ownOrganization(call);
      const { id, type } = policyIn(organization, PolicyId);
      const target = requireTarget(organization, TargetId);
      if (!organization.policyTypes.has(type)) throw notEnabled(type);
      const attached = attachedTo(organization, type, target);
      if (attached.has(id)) {
        throw refusal(
          "DuplicatePolicyAttachmentException",
          "The selected policy is already attached to the specified target.",
        );
      }
      if (attached.size >= MOST[type]) {
        throw constraintViolation(
          "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
          `At most ${MOST[type]} policies of type ${type} can be attached to ${target}.`,
        );
      }
      attach(organization, type, target, { ids: [...attached, id], now: call.aws.clock.now() });
    },
  },
  DetachPolicy: {
    authorize: (input, call) => both(input, call),
    run({ PolicyId, TargetId }, call) {
      const organization = ownOrganization(call);
      const { id, type } = policyIn(organization, PolicyId);
      const target = requireTarget(organization, TargetId);
      const attached = attachedTo(organization, type, target);
      if (!attached.has(id)) {
        throw refusal("PolicyNotAttachedException", "The policy isn't attached to the specified target in the root.");
      }
      if (type === "SERVICE_CONTROL_POLICY" && attached.size === 1) {
        throw constraintViolation(
          "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
          "You can't detach the last service control policy of a target.",
        );
      }
      const ids = [...attached].filter((one) => one !== id);
      attach(organization, type, target, { ids, now: call.aws.clock.now() });
    },
  },
  ListPoliciesForTarget: {
    list: "Policies",
    authorize: ({ TargetId, Filter }, call) => anyResources(call, TargetId, policyTypeContext(Filter)),
    run({ TargetId, Filter }, call) {
      const organization = ownOrganization(call);
      const target = requireTarget(organization, TargetId);
      const type = requireType(organization, Filter);
      const ids = [...attachedTo(organization, type, target)];
      return { Policies: ids.map((id) => toSummary(policyIn(organization, id))) };
    },
  },
  ListTargetsForPolicy: {
    list: "Targets",
    authorize: ({ PolicyId }, call) => policyResources(call, PolicyId),
    run({ PolicyId }, call) {
      const organization = ownOrganization(call);
      const ids = targetsOf(organization, policyIn(organization, PolicyId));
      return { Targets: ids.flatMap((id) => toTarget(organization, id)) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The policy and the target, with the policy's type for conditions. */
function both(
  { PolicyId, TargetId }: { readonly PolicyId: string | undefined; readonly TargetId: string | undefined },
  call: Call,
): readonly Partial<Authorization>[] {
  const policy = policyResources(call, PolicyId);
  return [...policy, ...anyResources(call, TargetId, policy[0]?.context ?? {})];
}

function requireTarget({ units, accounts }: Organization, id = ""): string {
  if (units.has(id) || accounts.has(id)) return id;
  throw targetNotFound();
}

function toTarget({ units, accounts }: Organization, id: string): Sdk.PolicyTargetSummary[] {
  const account = accounts.get(id);
  if (account) return [{ TargetId: id, Arn: account.arn, Name: account.name, Type: "ACCOUNT" }];
  const unit = units.get(id);
  if (!unit) return [];
  const Type = unit.parent === undefined ? "ROOT" : "ORGANIZATIONAL_UNIT";
  return [{ TargetId: id, Arn: unit.arn, Name: unit.name, Type }];
}
