import type { Call } from "../../engine/operation.ts";
import { invalid, quotaExceeded } from "./refusals.ts";
import { type ResourceTag, type ResourceType, type Rule, rbinState } from "./state.ts";

/** Days; Recycle Bin API reference, RetentionPeriod. */
const LONGEST: Readonly<Record<ResourceType, number>> = { EBS_SNAPSHOT: 365, EC2_IMAGE: 365, EBS_VOLUME: 7 };

/** Rules that one tag can stand in (Recycle Bin API reference, CreateRule). */
const RULES_PER_TAG = 5;

/**
 * What Recycle Bin asks of a rule beyond the shape of its members.
 * @throws ValidationException, ServiceQuotaExceededException
 */
export function checkRule(
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
