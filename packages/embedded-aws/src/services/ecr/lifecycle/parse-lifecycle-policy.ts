import { invalidParameter } from "../refusals.ts";

/** A repository's lifecycle policy, with its preview, if any. */
export interface LifecyclePolicy {
  /** As given. */
  readonly text: string;
  readonly rules: readonly LifecycleRule[];
  /** Milliseconds since the epoch; undefined until its first evaluation. */
  evaluatedAt: number | undefined;
  /** Stops its evaluations. */
  stop(): void;
}

/** One rule: expires the images that it selects. */
export interface LifecycleRule {
  readonly priority: number;
  readonly tagStatus: "tagged" | "untagged" | "any";
  /** An image needs a tag for each of them; `*` matches any characters. Empty unless `tagged`. */
  readonly patterns: readonly string[];
  readonly count: { readonly kind: "days" | "images"; readonly number: number };
}

const MOST_RULES = 50;

const invalid = (why: string) =>
  invalidParameter(`'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${why}'`);

/**
 * Parses a policy by "Lifecycle policy parameters" of the Amazon ECR user guide; answers rules in order of priority.
 * @throws InvalidParameterException naming the rule
 */
export function parseLifecyclePolicy(text: string): LifecycleRule[] {
  let json: { rules?: unknown };
  try {
    json = JSON.parse(text) ?? {};
  } catch {
    throw invalid("it is not JSON");
  }
  if (!Array.isArray(json.rules) || json.rules.length === 0)
    throw invalid("rules must be a list with at least one rule");
  if (json.rules.length > MOST_RULES) throw invalid(`at most ${MOST_RULES} rules, not ${json.rules.length}`);
  const rules = json.rules.map(parseRule).sort((a, b) => a.priority - b.priority);
  const twice = rules.find(({ priority }, index) => rules[index - 1]?.priority === priority);
  if (twice) throw invalid(`rulePriority ${twice.priority} is used twice`);
  for (const status of ["any", "untagged"]) {
    const same = rules.filter(({ tagStatus }) => tagStatus === status);
    if (same.length > 1) throw invalid(`only one rule can have the tagStatus '${status}'`);
  }
  if (rules.slice(0, -1).some(({ tagStatus }) => tagStatus === "any")) {
    throw invalid("the rule with the tagStatus 'any' must have the highest rulePriority");
  }
  return rules;
}

type Json = Readonly<Record<string, unknown>>;

function parseRule(value: unknown, index: number): LifecycleRule {
  const { rulePriority: priority, selection, action } = (value ?? {}) as Record<string, unknown>;
  const at = `rules[${index}]`;
  if (!isCount(priority)) throw invalid(`${at}.rulePriority must be a whole number above 0`);
  const { type } = (action ?? {}) as Json;
  if (type !== "expire") throw invalid(`${at}.action.type must be 'expire', found ${JSON.stringify(type)}`);
  const selected = (selection ?? {}) as Json;
  const { tagStatus } = selected;
  if (tagStatus !== "tagged" && tagStatus !== "untagged" && tagStatus !== "any") {
    throw invalid(`${at}.selection.tagStatus must be tagged, untagged or any, found ${JSON.stringify(tagStatus)}`);
  }
  return { priority, tagStatus, patterns: patternsOf(selected, at), count: countOf(selected, at) };
}

/** Prefixes become patterns that end in `*`. */
function patternsOf({ tagStatus, tagPrefixList, tagPatternList }: Json, at: string): string[] {
  const lists = [tagPrefixList, tagPatternList].filter((list) => list !== undefined);
  if (tagStatus !== "tagged") {
    if (lists.length === 0) return [];
    throw invalid(`${at}.selection: tagPrefixList and tagPatternList are for the tagStatus 'tagged'`);
  }
  const [list] = lists;
  if (lists.length !== 1 || !Array.isArray(list) || list.length === 0 || list.some((one) => typeof one !== "string")) {
    throw invalid(`${at}.selection: 'tagged' needs either tagPrefixList or tagPatternList, with at least one string`);
  }
  const patterns: string[] = list;
  if (tagPatternList !== undefined && patterns.some((one) => one.split("*").length > 5)) {
    throw invalid(`${at}.selection.tagPatternList: at most 4 wildcards in a pattern`);
  }
  return tagPrefixList === undefined ? patterns : patterns.map((prefix) => `${prefix}*`);
}

function countOf({ countType, countUnit, countNumber }: Json, at: string): LifecycleRule["count"] {
  if (!isCount(countNumber)) throw invalid(`${at}.selection.countNumber must be a whole number above 0`);
  if (countType === "imageCountMoreThan") {
    if (countUnit !== undefined) throw invalid(`${at}.selection.countUnit is for countType sinceImagePushed`);
    return { kind: "images", number: countNumber };
  }
  if (countType !== "sinceImagePushed") {
    throw invalid(`${at}.selection.countType must be imageCountMoreThan or sinceImagePushed`);
  }
  if (countUnit !== "days") throw invalid(`${at}.selection.countUnit must be 'days'`);
  return { kind: "days", number: countNumber };
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;
