import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import type { LockState, RuleOutput, RuleSummary, TagOfResource } from "./rule-input.ts";
import { type ResourceTag, type ResourceType, type Rule, rbinState } from "./state.ts";

export const ruleArn = ({ aws, account, region }: Call, id: string): string =>
  `arn:${aws.partition}:rbin:${region}:${account}:rule/${id}`;

const findRule = ({ aws, account, region }: Call, id: string): Rule | undefined =>
  aws.state(rbinState, account, region).rules.get(id);

/** @throws ResourceNotFoundException */
export function requireRule(call: Call, id: string): Rule {
  const rule = findRule(call, id);
  if (!rule) throw ruleNotFound(id);
  return rule;
}

/** A rule that may be changed or deleted. @throws ResourceNotFoundException, ConflictException */
export function requireUnlockedRule(call: Call, id: string): Rule {
  const rule = requireRule(call, id);
  const state = lockStateOf(rule, call.aws.clock.now());
  if (state === "locked" || state === "pending_unlock") throw ruleLocked(id, state);
  return rule;
}

/** A rule's id, from its ARN; an id is returned unchanged. */
export const idOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** @throws ResourceNotFoundException also if the ARN is not one of the caller's rules */
export function requireRuleOf(call: Call, arn: string): Rule {
  if (arn !== ruleArn(call, idOf(arn))) throw ruleNotFound(arn);
  return requireRule(call, idOf(arn));
}

/**
 * An existing rule by its id or ARN, with the condition keys of "Actions, resources, and condition keys for AWS Recycle
 * Bin".
 */
export function authorizeRule(call: Call, id: string, context: Authorization["context"] = {}): Partial<Authorization> {
  const rule = findRule(call, idOf(id));
  return {
    resources: [ruleArn(call, idOf(id))],
    context: {
      ...context,
      ...(rule && { ...resourceTagContext(rule.tags), "rbin:Attribute/ResourceType": rule.resourceType }),
    },
  };
}

/** Recycle Bin's errors (Recycle Bin API reference); their messages are not documented. */

export const invalid = (message: string): AwsError =>
  new AwsError("ValidationException", message, { members: { Reason: "INVALID_PARAMETER_VALUE" } });

const ruleNotFound = (id: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The retention rule ${id} does not exist.`, {
    members: { Reason: "RULE_NOT_FOUND" },
  });

export const ruleLocked = (id: string, state: string): AwsError =>
  new AwsError("ConflictException", `The retention rule ${id} is in the lock state ${state}.`, {
    members: { Reason: "INVALID_RULE_STATE" },
  });

export const quotaExceeded = (message: string): AwsError =>
  new AwsError("ServiceQuotaExceededException", message, { members: { Reason: "SERVICE_QUOTA_EXCEEDED" } });

const DAY_MS = 86_400_000;

/** Undefined for a rule that was never locked. */
export function lockStateOf({ lock }: Rule, now: number): LockState | undefined {
  if (!lock) return undefined;
  if (lock.unlockedAt === undefined) return "locked";
  return now < lock.unlockedAt + lock.delayDays * DAY_MS ? "pending_unlock" : "unlocked";
}

const statusOf = (rule: Rule, now: number): "pending" | "available" => (now < rule.activeAt ? "pending" : "available");

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

/** A rule as in most responses. */
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
    // Only present during the unlock delay (Recycle Bin API reference, GetRule).
    ...(ends !== undefined && now < ends && { LockEndTime: new Date(ends) }),
  };
}

interface Deleted {
  readonly account: string;
  readonly region: string;
  readonly type: ResourceType;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * How long a deleted resource stays in the bin, in milliseconds: the longest period of the matching rules; undefined
 * without a matching rule (EBS user guide, "Considerations" for Recycle Bin).
 */
export function retentionOf(aws: EmbeddedAws, { account, region, type, tags }: Deleted): number | undefined {
  const now = aws.clock.now();
  const matching = [...aws.state(rbinState, account, region).rules.values()].filter(
    (rule) => rule.resourceType === type && statusOf(rule, now) === "available" && isRetaining(rule, tags),
  );
  if (matching.length === 0) return undefined;
  return Math.max(...matching.map(({ retentionDays }) => retentionDays)) * DAY_MS;
}

function isRetaining({ resourceTags, excludeTags }: Rule, tags: ReadonlyMap<string, string>): boolean {
  const has = ({ key, value }: ResourceTag) => tags.has(key) && (value === undefined || tags.get(key) === value);
  return resourceTags.length > 0 ? resourceTags.some(has) : !excludeTags.some(has);
}
