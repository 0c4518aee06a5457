import { VirtualClock } from "../../engine/clock/virtual-clock.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import {
  authorizeRule,
  fromResourceTags,
  invalid,
  lockStateOf,
  quotaExceeded,
  requireRule,
  requireUnlockedRule,
  ruleArn,
  ruleLocked,
  toRule,
  toSummary,
} from "./rule.ts";
import type { RecycleBin, RuleTag, TagOfResource } from "./rule-input.ts";
import { type ResourceTag, type ResourceType, type Rule, rbinState } from "./state.ts";

/** Maximum days; Recycle Bin API reference, RetentionPeriod. */
const LONGEST: Readonly<Record<ResourceType, number>> = { EBS_SNAPSHOT: 365, EC2_IMAGE: 365, EBS_VOLUME: 7 };

/** Rules that can use the same tag (Recycle Bin API reference, CreateRule). */
const RULES_PER_TAG = 5;

/**
 * Checks a rule beyond its members' constraints.
 * @throws ValidationException, ServiceQuotaExceededException
 */
function checkRule(
  call: Call,
  rule: Pick<Rule, "id" | "resourceType" | "retentionDays" | "resourceTags" | "excludeTags" | "lock">,
): void {
  const longest = LONGEST[rule.resourceType];
  if (rule.retentionDays > longest) {
    throw invalid(
      `The retention period of a rule for ${rule.resourceType} must be between 1 and ${longest} days, not ${rule.retentionDays}.`,
    );
  }
  const isTagLevel = rule.resourceTags.length > 0;
  if (isTagLevel && rule.excludeTags.length > 0) {
    throw invalid("Exclusion tags can be specified for Region-level retention rules, not for tag-level ones.");
  }
  if (isTagLevel && rule.lock) throw invalid("Region-level retention rules can be locked, tag-level ones can't.");
  const others = [...call.aws.state(rbinState, call.account, call.region).rules.values()].filter(
    ({ id, resourceType }) => id !== rule.id && resourceType === rule.resourceType,
  );
  for (const tag of rule.resourceTags) requireRoom(tag, others);
}

function requireRoom({ key, value }: ResourceTag, rules: readonly Rule[]): void {
  const having = rules.filter(({ resourceTags }) => resourceTags.some((one) => one.key === key && one.value === value));
  if (having.length < RULES_PER_TAG) return;
  throw quotaExceeded(`The tag ${key}=${value ?? ""} is in ${RULES_PER_TAG} retention rules already.`);
}

/** Limit for a region (EBS user guide, "Recover deleted resources with Recycle Bin", "Quotas"). */
const MOST_RULES = 250;

/**
 * The first rule can take up to 30 minutes to take effect, later ones almost no time (EBS user guide,
 * "Considerations"). With the real clock it is as short as possible, because providers wait for it.
 */
const firstTakes = ({ aws }: Call): number => (aws.clock instanceof VirtualClock ? 30 * 60_000 : 1_000);

const pairsOf = (tags: readonly RuleTag[] = []) => tags.map(({ Key, Value }) => [Key, Value] as const);

const hasAll = (tags: readonly ResourceTag[], asked: readonly TagOfResource[] | undefined): boolean =>
  fromResourceTags(asked).every(({ key, value }) => tags.some((one) => one.key === key && one.value === value));

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
        activeAt: state.started ? now : now + firstTakes(call),
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
  GetRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run: ({ Identifier }, call) => toRule(requireRule(call, Identifier), call.aws.clock.now()),
  },
  /** Resources that the rule retained stay in the bin for their period. */
  DeleteRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier }, call) {
      const { id } = requireUnlockedRule(call, Identifier);
      call.aws.state(rbinState, call.account, call.region).rules.delete(id);
    },
  },
  /** Rules of one resource type. A rule must have all requested tags; how AWS compares them is not documented. */
  ListRules: {
    list: "Rules",
    authorize: ({ ResourceType }, call) => [
      { resources: [ruleArn(call, "*")], context: { "rbin:Request/ResourceType": ResourceType } },
    ],
    run(input, { aws, account, region }) {
      const now = aws.clock.now();
      const matching = [...aws.state(rbinState, account, region).rules.values()].filter(
        (rule) =>
          rule.resourceType === input.ResourceType &&
          hasAll(rule.resourceTags, input.ResourceTags) &&
          hasAll(rule.excludeTags, input.ExcludeResourceTags) &&
          (input.LockState === undefined || lockStateOf(rule, now) === input.LockState),
      );
      return { Rules: matching.map((rule) => toSummary(rule, now)) };
    },
  },
  /** Omitted settings stay. Resources already in the bin keep their period. */
  UpdateRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run(input, call) {
      const rule = requireUnlockedRule(call, input.Identifier);
      if (input.ResourceType !== undefined && input.ResourceType !== rule.resourceType) {
        throw invalid(
          `The resource type of a retention rule can't be updated: ${rule.id} is for ${rule.resourceType}.`,
        );
      }
      const changed = {
        retentionDays: input.RetentionPeriod?.RetentionPeriodValue ?? rule.retentionDays,
        description: input.Description ?? rule.description,
        resourceTags: input.ResourceTags ? fromResourceTags(input.ResourceTags) : rule.resourceTags,
        excludeTags: input.ExcludeResourceTags ? fromResourceTags(input.ExcludeResourceTags) : rule.excludeTags,
      };
      checkRule(call, { ...rule, ...changed });
      Object.assign(rule, changed);
      return toRule(rule, call.aws.clock.now());
    },
  },
  /** It cannot be changed or deleted until it is unlocked and its delay is over. */
  LockRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier, LockConfiguration }, call) {
      const rule = requireUnlockedRule(call, Identifier);
      const lock = { delayDays: LockConfiguration.UnlockDelay.UnlockDelayValue, unlockedAt: undefined };
      checkRule(call, { ...rule, lock });
      rule.lock = lock;
      return toRule(rule, call.aws.clock.now());
    },
  },
  UnlockRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier }, call) {
      const now = call.aws.clock.now();
      const rule = requireRule(call, Identifier);
      if (!rule.lock || rule.lock.unlockedAt !== undefined) {
        throw ruleLocked(rule.id, lockStateOf(rule, now) ?? "null");
      }
      rule.lock = { ...rule.lock, unlockedAt: now };
      return toRule(rule, now);
    },
  },
} satisfies Operations<RecycleBin>;
