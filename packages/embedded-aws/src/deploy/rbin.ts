import type { CreateRuleInput, RuleOutput, TagOfResource } from "../services/rbin/rule-input.ts";
import { type Creator, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

export const createRule: Creator = async (inputs, site) => {
  const period = inputs.object("retentionPeriod");
  const delay = inputs.object("lockConfiguration")?.object("unlockDelay");
  const Description = inputs.maybeText("description");
  const ResourceTags = tagsOfResources(inputs.list("resourceTags"));
  const ExcludeResourceTags = tagsOfResources(inputs.list("excludeResourceTags"));
  const Tags = tagList(inputs);
  const rule: CreateRuleInput = {
    ResourceType: inputs.text("resourceType"),
    RetentionPeriod: {
      RetentionPeriodValue: period?.number("retentionPeriodValue") ?? 0,
      RetentionPeriodUnit: period?.text("retentionPeriodUnit") ?? "DAYS",
    },
    ...(Description !== undefined && { Description }),
    ...(ResourceTags.length > 0 && { ResourceTags }),
    ...(ExcludeResourceTags.length > 0 && { ExcludeResourceTags }),
    ...(Tags.length > 0 && { Tags }),
    ...(delay && {
      LockConfiguration: {
        UnlockDelay: {
          UnlockDelayValue: delay.number("unlockDelayValue") ?? 0,
          UnlockDelayUnit: delay.text("unlockDelayUnit"),
        },
      },
    }),
  };
  const { Identifier = "", RuleArn = "" } = await site.call<RuleOutput>("rbin", "CreateRule", rule);
  return { id: Identifier, arn: RuleArn };
};

const tagsOfResources = (some: readonly Inputs[]): TagOfResource[] =>
  some.map((one) => {
    const ResourceTagValue = one.maybeText("resourceTagValue");
    return {
      ResourceTagKey: one.text("resourceTagKey"),
      ...(ResourceTagValue !== undefined && { ResourceTagValue }),
    };
  });
