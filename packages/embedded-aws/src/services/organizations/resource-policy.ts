import type * as Sdk from "@aws-sdk/client-organizations";
import { parsePolicy, type Statement } from "../../authorization/policy-document.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { isDelegable } from "./access.ts";
import { ownOrganization, pairsOf, setTags } from "./resources.ts";
import { invalidInput, needsAllFeatures, type Organization, refusal } from "./state.ts";

export const operations = {
  /** Creates or replaces the organization's only delegation policy. */
  PutResourcePolicy: {
    authorize: ({ Tags }) => [{ context: requestTagContext(pairsOf(Tags)) }],
    run({ Content = "", Tags }, call) {
      const organization = ownOrganization(call);
      if (organization.featureSet !== "ALL") throw needsAllFeatures();
      for (const statement of parse(Content)) requireValid(organization, statement);
      const id = organization.resourcePolicy?.id ?? `rp-${call.aws.hexId(8)}`;
      const arn = `arn:aws:organizations::${organization.managementAccount}:resourcepolicy/${organization.id}/${id}`;
      setTags(organization, id, Tags);
      organization.resourcePolicy = { id, arn, content: Content };
      return { ResourcePolicy: toOutput(organization.resourcePolicy) };
    },
  },
  DescribeResourcePolicy: {
    run: (_input, call) => ({ ResourcePolicy: toOutput(required(ownOrganization(call))) }),
  },
  DeleteResourcePolicy: {
    run(_input, call) {
      const organization = ownOrganization(call);
      organization.tags.delete(required(organization).id);
      organization.resourcePolicy = undefined;
    },
  },
} satisfies Operations<typeof Sdk>;

function required({ resourcePolicy }: Organization): NonNullable<Organization["resourcePolicy"]> {
  if (resourcePolicy) return resourcePolicy;
  throw refusal("ResourcePolicyNotFoundException", "You specified a resource policy that doesn't exist.");
}

const toOutput = ({ id, arn, content }: NonNullable<Organization["resourcePolicy"]>): Sdk.ResourcePolicy => ({
  ResourcePolicySummary: { Id: id, Arn: arn },
  Content: content,
});

function parse(content: string): readonly Statement[] {
  try {
    return parsePolicy(content);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw invalidInput("INVALID_RESOURCE_POLICY_JSON", `The provided resource policy is not valid: ${cause.message}`);
  }
}

function requireValid({ accounts }: Organization, { actions, principals, effect, index }: Statement): void {
  if (!principals) {
    throw invalidInput("INVALID_RESOURCE_POLICY_JSON", `Statement ${index} of the resource policy has no Principal.`);
  }
  const strangers = principals.aws
    .map((name) => /^(?:arn:[^:]+:[^:]+::)?(\d{12})(?::.+)?$/.exec(name)?.[1] ?? name)
    .filter((account) => account !== "*" && !accounts.has(account));
  if (strangers.length > 0) {
    throw invalidInput("INVALID_PRINCIPAL", `You provided an invalid principal: ${strangers.join(", ")}`);
  }
  if (effect !== "Allow" || actions.negated) return;
  const unsupported = actions.patterns.filter((action) => {
    const name = /^organizations:(.+)$/i.exec(action)?.[1];
    // A pattern delegates the supported actions that it matches.
    return name === undefined || !(name.includes("*") || isDelegable(name));
  });
  if (unsupported.length > 0) {
    throw invalidInput(
      "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
      `The resource policy has actions that can't be delegated: ${unsupported.join(", ")}`,
    );
  }
}
