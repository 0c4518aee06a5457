import type * as Sdk from "@aws-sdk/client-organizations";
import type { Tag } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { ownOrganization } from "./caller.ts";
import { page } from "./page.ts";
import { constraintViolation, invalidInput, targetNotFound } from "./refusals.ts";
import { anyResources } from "./resources.ts";
import type { Organization } from "./state.ts";

/** Of an account, unit, root or policy (Organizations user guide, "Quotas"). */
const MOST_TAGS = 50;

export const operations = {
  /** Tags of an account, a unit, the root, a policy. */
  ListTagsForResource: {
    authorize: ({ ResourceId }, call) => anyResources(call, ResourceId),
    run({ ResourceId, NextToken }, call) {
      const organization = ownOrganization(call);
      const id = taggable(organization, ResourceId);
      const all = [...(organization.tags.get(id) ?? [])].map(([Key, Value]) => ({ Key, Value }));
      const { items, next } = page(all, { NextToken });
      return { Tags: items, NextToken: next };
    },
  },
  TagResource: {
    authorize: ({ ResourceId, Tags }, call) => anyResources(call, ResourceId, requestTagContext(pairsOf(Tags))),
    run({ ResourceId, Tags }, call) {
      const organization = ownOrganization(call);
      setTags(organization, taggable(organization, ResourceId), Tags);
      return {};
    },
  },
  UntagResource: {
    authorize: ({ ResourceId, TagKeys = [] }, call) => anyResources(call, ResourceId, { "aws:TagKeys": TagKeys }),
    run({ ResourceId, TagKeys = [] }, call) {
      const organization = ownOrganization(call);
      const tags = organization.tags.get(taggable(organization, ResourceId));
      for (const key of TagKeys) tags?.delete(key);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

function taggable({ accounts, units, policies, resourcePolicy }: Organization, id = ""): string {
  const known = accounts.has(id) || units.has(id) || resourcePolicy?.id === id;
  if (known || policies.get(id)?.awsManaged === false) return id;
  throw targetNotFound();
}

export const pairsOf = (tags: readonly Tag[] | undefined): [string, string][] =>
  (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]);

/** Adds to the tags that are there. @throws InvalidInputException, ConstraintViolationException */
export function setTags(organization: Organization, id: string, tags: readonly Tag[] | undefined): void {
  const pairs = pairsOf(tags);
  if (pairs.some(([key]) => key.startsWith("aws:"))) {
    throw invalidInput("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that is a system tag.");
  }
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidInput("DUPLICATE_TAG_KEY", "Tag keys must be unique among the tags attached to the same entity.");
  }
  const after = new Map([...(organization.tags.get(id) ?? []), ...pairs]);
  if (after.size > MOST_TAGS) {
    throw constraintViolation("MAX_TAG_LIMIT_EXCEEDED", `A resource can have ${MOST_TAGS} tags at most.`);
  }
  if (pairs.length > 0) organization.tags.set(id, after);
}
