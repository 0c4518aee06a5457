import type * as Sdk from "@aws-sdk/client-organizations";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { policiesAbove } from "./attachments.ts";
import { ownOrganization } from "./caller.ts";
import { inherit } from "./inherit.ts";
import { notBuilt, refusal, targetNotFound } from "./refusals.ts";
import { accountResources, policyTypeContext } from "./resources.ts";
import { organizationWith } from "./state.ts";

/**
 * What the management policies of a type come to for an account, the management account included:
 * `{ ec2_attributes: { allowed_images_settings: { state: "enabled", ... } } }`. All values are texts or lists of texts.
 * Undefined where there is none.
 */
export function effectivePolicy(
  aws: EmbeddedAws,
  account: string,
  type: "DECLARATIVE_POLICY_EC2",
): Readonly<Record<string, unknown>> | undefined {
  const organization = organizationWith(aws, account);
  const member = organization?.accounts.get(account);
  if (!organization || !member) return undefined;
  const levels = policiesAbove(organization, type, member);
  return inherit(levels.map((policies) => policies.map(({ content }) => content)));
}

export const operations = {
  DescribeEffectivePolicy: {
    authorize: ({ TargetId, PolicyType }, call) =>
      accountResources(call, TargetId ?? call.account, policyTypeContext(PolicyType)),
    run({ PolicyType, TargetId }, call) {
      const organization = ownOrganization(call);
      const target = TargetId ?? call.account;
      if (!organization.accounts.has(target)) throw targetNotFound();
      if (PolicyType !== "DECLARATIVE_POLICY_EC2") throw notBuilt(`an effective policy of type ${PolicyType}`);
      const policy = effectivePolicy(call.aws, target, PolicyType);
      if (!policy) {
        throw refusal("EffectivePolicyNotFoundException", "The account doesn't have an effective policy of this type.");
      }
      return {
        EffectivePolicy: {
          PolicyContent: JSON.stringify(policy),
          LastUpdatedTimestamp: organization.policiesChangedAt,
          TargetId: target,
          PolicyType,
        },
      };
    },
  },
} satisfies Operations<typeof Sdk>;
