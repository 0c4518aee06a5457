import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { checkRule } from "./check-rule.ts";
import { ruleArn } from "./find-rule.ts";
import { invalid, quotaExceeded } from "./refusals.ts";
import type { RecycleBin, RuleTag } from "./rule-input.ts";
import { type Rule, rbinState } from "./state.ts";
import { fromResourceTags, toRule } from "./to-rule.ts";

/** Of a region (EBS user guide, "Recover deleted resources with Recycle Bin", "Quotas"). */
const MOST_RULES = 250;

/** The first rule can take up to 30 minutes to retain anything, later ones hardly any time (EBS user guide, "Considerations"). */
const FIRST_TAKES_MS = 30 * 60_000;

export const operations = {
  CreateRule: {
    authorize: ({ ResourceType, Tags = [] }, call) => [
      {
        resources: [ruleArn(call, "*")],
        context: { ...requestTagContext(pairsOf(Tags)), "rbin:Request/ResourceType": ResourceType },
      },
      ...(Tags.length > 0
        ? [{ action: "rbin:TagResource", resources: [ruleArn(call, "*")], context: requestTagContext(pairsOf(Tags)) }]
        : []),
    ],
    run(input, call) {
      const state = call.aws.state(rbinState, call.account, call.region);
      if (state.rules.size >= MOST_RULES) throw quotaExceeded(`There are ${MOST_RULES} retention rules already.`);
      const now = call.aws.clock.now();
      const id = call.aws.hexId(11);
      const rule: Rule = {
        id,
        arn: ruleArn(call, id),
        resourceType: input.ResourceType,
        retentionDays: input.RetentionPeriod.RetentionPeriodValue,
        description: input.Description,
        resourceTags: fromResourceTags(input.ResourceTags),
        excludeTags: fromResourceTags(input.ExcludeResourceTags),
        tags: new Map(pairsOf(input.Tags)),
        activeAt: state.started ? now : now + FIRST_TAKES_MS,
        lock: input.LockConfiguration && {
          delayDays: input.LockConfiguration.UnlockDelay.UnlockDelayValue,
          unlockedAt: undefined,
        },
      };
      if (rule.tags.size < (input.Tags?.length ?? 0)) throw invalid("A tag key is given more than once.");
      checkRule(call, rule);
      state.rules.set(id, rule);
      state.started = true;
      return { ...toRule(rule, now), ...(input.Tags?.length && { Tags: input.Tags }) };
    },
  },
} satisfies Operations<RecycleBin>;

const pairsOf = (tags: readonly RuleTag[] = []) => tags.map(({ Key, Value }) => [Key, Value] as const);
