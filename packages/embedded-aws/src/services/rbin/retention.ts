import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type ResourceTag, type ResourceType, type Rule, rbinState } from "./state.ts";
import { statusOf } from "./to-rule.ts";

const DAY_MS = 86_400_000;

interface Deleted {
  readonly account: string;
  readonly region: string;
  readonly type: ResourceType;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * How long, in milliseconds, what is being deleted stays in the bin: as the longest rule says that it matches; undefined
 * where it matches none (EBS user guide, "Considerations" for Recycle Bin).
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
