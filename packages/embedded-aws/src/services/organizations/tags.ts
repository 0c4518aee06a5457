import type { Tag } from "@aws-sdk/client-organizations";
import { constraintViolation, invalidInput, type Organization, targetNotFound } from "./state.ts";

/** Limit for an account, OU, root or policy (Organizations user guide, "Quotas"). */
const MOST_TAGS = 50;

/** The tags of an account, OU, root or policy, which callers may change. @throws TargetNotFoundException */
export function tagsOf(
  { accounts, units, policies, resourcePolicy, tags }: Organization,
  id = "",
): Map<string, string> {
  const known = accounts.has(id) || units.has(id) || resourcePolicy?.id === id;
  if (!known && policies.get(id)?.awsManaged !== false) throw targetNotFound();
  const found = tags.get(id) ?? new Map<string, string>();
  tags.set(id, found);
  return found;
}

export const pairsOf = (tags: readonly Tag[] | undefined): [string, string][] =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);

/** @throws InvalidInputException, ConstraintViolationException */
export function checkTags(after: ReadonlyMap<string, string>, added: readonly (readonly [string, string])[]): void {
  if (added.some(([key]) => key.startsWith("aws:"))) {
    throw invalidInput("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.");
  }
  if (new Set(added.map(([key]) => key)).size < added.length) {
    throw invalidInput("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.");
  }
  if (after.size > MOST_TAGS) {
    throw constraintViolation("MAX_TAG_LIMIT_EXCEEDED", `A resource can have ${MOST_TAGS} tags at most.`);
  }
}

/** Adds tags to the existing ones. @throws InvalidInputException, ConstraintViolationException */
export function setTags(organization: Organization, id: string, tags: readonly Tag[] | undefined): void {
  const added = pairsOf(tags);
  const after = new Map([...(organization.tags.get(id) ?? []), ...added]);
  checkTags(after, added);
  if (added.length > 0) organization.tags.set(id, after);
}
