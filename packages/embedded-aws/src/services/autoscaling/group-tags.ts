import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeGroup, type Group, groupsOf, invalid } from "./state.ts";

/** The filters of DescribeTags. */
const FILTERS: Readonly<Record<string, (tag: Sdk.TagDescription) => string>> = {
  "auto-scaling-group": ({ ResourceId = "" }) => ResourceId,
  key: ({ Key = "" }) => Key,
  value: ({ Value = "" }) => Value,
  "propagate-at-launch": ({ PropagateAtLaunch }) => String(PropagateAtLaunch),
};

/** Instances keep the tags they were launched with. */
export const operations = {
  DescribeTags: {
    list: "Tags",
    run({ Filters = [] }, call) {
      const tags = [...groupsOf(call).values()].flatMap((group) => group.tags);
      return { Tags: tags.filter((tag) => Filters.every((filter) => passes(tag, filter))) };
    },
  },
  CreateOrUpdateTags: {
    authorize: ({ Tags = [] }, call) => onGroups(call, Tags),
    run({ Tags = [] }, call) {
      for (const { group, tag } of tagged(call, Tags)) {
        group.tags = [...group.tags.filter(({ Key }) => Key !== tag.Key), toDescription(group, tag)];
      }
    },
  },
  DeleteTags: {
    authorize: ({ Tags = [] }, call) => onGroups(call, Tags),
    run({ Tags = [] }, call) {
      for (const { group, tag } of tagged(call, Tags)) {
        group.tags = group.tags.filter(({ Key }) => Key !== tag.Key);
      }
    },
  },
} satisfies Operations<typeof Sdk>;

/** A tag as a group's description shows it. */
export const toDescription = (
  { name }: Pick<Group, "name">,
  { Key = "", Value = "", PropagateAtLaunch = false }: Sdk.Tag,
): Sdk.TagDescription => ({ Key, Value, PropagateAtLaunch, ResourceId: name, ResourceType: "auto-scaling-group" });

function passes(tag: Sdk.TagDescription, { Name = "", Values = [] }: Sdk.Filter): boolean {
  const read = FILTERS[Name];
  if (!read) throw invalid(`Filter name ${Name} is invalid. Valid names: ${Object.keys(FILTERS).join(", ")}`);
  return Values.includes(read(tag));
}

const onGroups = (call: Call, tags: readonly Sdk.Tag[]) =>
  [...new Set(tags.map(({ ResourceId }) => ResourceId))].flatMap((name) => {
    const asked = tags.filter(({ ResourceId }) => ResourceId === name);
    const requested = requestTagContext(asked.map(({ Key = "", Value = "" }) => [Key, Value]));
    return authorizeGroup(call, name).map((one) => ({ ...one, context: { ...one.context, ...requested } }));
  });

/** Resolves all tags' groups; fails if a tag names no group. */
const tagged = (call: Call, tags: readonly Sdk.Tag[]): { group: Group; tag: Sdk.Tag }[] =>
  tags.map((tag) => {
    const group = groupsOf(call).get(tag.ResourceId ?? "");
    if (!group) throw invalid(`Group ${tag.ResourceId} not found`);
    return { group, tag };
  });
