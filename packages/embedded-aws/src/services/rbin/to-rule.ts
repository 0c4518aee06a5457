import type { LockState, RuleOutput, RuleSummary, TagOfResource } from "./rule-input.ts";
import type { ResourceTag, Rule } from "./state.ts";

const DAY_MS = 86_400_000;

/** Undefined for a rule that was never locked. */
export function lockStateOf({ lock }: Rule, now: number): LockState | undefined {
  if (!lock) return undefined;
  if (lock.unlockedAt === undefined) return "locked";
  return now < lock.unlockedAt + lock.delayDays * DAY_MS ? "pending_unlock" : "unlocked";
}

export const statusOf = (rule: Rule, now: number): "pending" | "available" =>
  now < rule.activeAt ? "pending" : "available";

export const fromResourceTags = (tags: readonly TagOfResource[] = []): ResourceTag[] =>
  tags.map(({ ResourceTagKey, ResourceTagValue }) => ({ key: ResourceTagKey, value: ResourceTagValue }));

const toResourceTags = (tags: readonly ResourceTag[]): TagOfResource[] =>
  tags.map(({ key, value }) => ({ ResourceTagKey: key, ...(value !== undefined && { ResourceTagValue: value }) }));

export function toSummary(rule: Rule, now: number): RuleSummary {
  const lockState = lockStateOf(rule, now);
  return {
    Identifier: rule.id,
    ...(rule.description !== undefined && { Description: rule.description }),
    RetentionPeriod: { RetentionPeriodValue: rule.retentionDays, RetentionPeriodUnit: "DAYS" },
    ...(lockState && { LockState: lockState }),
    RuleArn: rule.arn,
  };
}

/** A rule as most operations answer it. */
export function toRule(rule: Rule, now: number): RuleOutput {
  const { lock } = rule;
  const ends = lock?.unlockedAt === undefined ? undefined : lock.unlockedAt + lock.delayDays * DAY_MS;
  return {
    ...toSummary(rule, now),
    ResourceType: rule.resourceType,
    Status: statusOf(rule, now),
    ...(rule.resourceTags.length > 0 && { ResourceTags: toResourceTags(rule.resourceTags) }),
    ...(rule.excludeTags.length > 0 && { ExcludeResourceTags: toResourceTags(rule.excludeTags) }),
    ...(lock && { LockConfiguration: { UnlockDelay: { UnlockDelayValue: lock.delayDays, UnlockDelayUnit: "DAYS" } } }),
    // Told of rules within their unlock delay alone (Recycle Bin API reference, GetRule).
    ...(ends !== undefined && now < ends && { LockEndTime: new Date(ends) }),
  };
}
