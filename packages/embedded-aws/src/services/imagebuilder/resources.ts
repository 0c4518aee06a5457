import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call, Operations, ServiceOperation } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { type Place, requireArn } from "./arn.ts";
import { on, tagsOfResource } from "./authorization.ts";
import { filtered } from "./filters.ts";
import { latestVersionReferences } from "./find-version.ts";
import { dependedOn, invalidValue, notFound } from "./refusals.ts";
import { type Item, RESOURCES, type ResourceName, type Summary } from "./resource-table.ts";
import { builderState } from "./state.ts";

/** Resolves an ARN, also one with a pattern such as `1.x.x`. */
export function findResource<Name extends ResourceName>(
  aws: EmbeddedAws,
  place: Place,
  name: Name,
  arn: string,
): Item<Name> | undefined {
  const { all, find } = RESOURCES[name];
  const found = all(aws.state(builderState, place.account, place.region));
  return find ? find(found, arn, place) : found.get(arn);
}

/** One of the caller's resources. @throws AwsError ResourceNotFoundException */
export function requireResource<Name extends ResourceName>(call: Call, name: Name, arn = ""): Item<Name> {
  const { versions, kind, arn: parameter } = RESOURCES[name];
  if (versions) requireArn(arn, kind, versions.get, parameter);
  const found = findResource(call.aws, call, name, arn);
  if (!found) throw notFound(arn);
  return found;
}

type Asked = Readonly<Record<string, string | undefined>>;

type Listing = Pick<Sdk.ListComponentsRequest, "owner" | "filters" | "byName">;

/** Get…, List… and Delete… of one kind of resource. */
function operationsOf<Name extends ResourceName>(name: Name): readonly (readonly [string, ServiceOperation])[] {
  const { kind, all, arn: member, versions, shown, listed, named, filters, ending } = RESOURCES[name];
  const get: ServiceOperation<Asked> = {
    authorize: (input, call) => on(call, input[member]),
    run(input, call) {
      const found = requireResource(call, name, input[member]);
      return {
        requestId: call.requestId,
        [shown]: structuredClone(found),
        ...(versions && { latestVersionReferences: latestVersionReferences(found.arn) }),
      };
    },
  };
  const list: ServiceOperation<Listing> = {
    list: listed,
    run: (input, call) => ({
      requestId: call.requestId,
      [listed]: filtered(entries(call, name, input), input.filters, filters),
    }),
  };
  const remove: ServiceOperation<Asked> = {
    authorize: (input, call) => on(call, input[member]),
    run(input, call) {
      const { [member]: arn = "" } = input;
      if (versions?.delete) requireArn(arn, kind, versions.delete, member);
      const state = call.aws.state(builderState, call.account, call.region);
      const found = all(state).get(arn);
      if (!found) throw notFound(arn);
      const others = named?.(state) ?? [];
      if (others.some((one) => one && findResource(call.aws, call, name, one)?.arn === arn)) throw dependedOn(arn);
      ending?.(state, found);
      all(state).delete(arn);
      return { requestId: call.requestId, [member]: arn };
    },
  };
  return [
    [`Get${name}`, get],
    [`List${name}s`, list],
    [`Delete${name}`, remove],
  ];
}

/** Entries of a list: one for all builds of a component's version, or for all versions of a name with `byName`. */
function entries<Name extends ResourceName>(
  call: Call,
  name: Name,
  { owner = "Self", byName }: Listing,
): Summary<Name>[] {
  const { all, managed, versions, summary, more } = RESOURCES[name];
  const own = () => [...all(call.aws.state(builderState, call.account, call.region)).values()];
  // Only resources with versions can have another owner.
  const owned = !versions || owner === "Self" ? own() : owner === "Amazon" ? (managed?.(call) ?? []) : [];
  const listed = owned.map((item): Summary<Name> => {
    const shown = summary ? Object.fromEntries(summary.map((member) => [member, item[member]])) : item;
    return structuredClone({ ...shown, ...more?.(item) });
  });
  return [...new Map(listed.map((one) => [byName ? one.name : one.arn, one])).values()];
}

/** Limit for a resource, for tags added in one or several requests. */
const MOST_TAGS = 50;

function requireTags(call: Call, arn = ""): Record<string, string> {
  const tags = tagsOfResource(call, arn);
  if (!tags) throw notFound(arn);
  return tags;
}

const tags = {
  TagResource: {
    authorize: ({ resourceArn, tags }, call) => on(call, resourceArn, requestTagContext(Object.entries(tags ?? {}))),
    run({ resourceArn, tags }, call) {
      const present = requireTags(call, resourceArn);
      const after = { ...present, ...tags };
      if (Object.keys(after).length > MOST_TAGS) {
        throw invalidValue("tags", `At most ${MOST_TAGS} tags are allowed.`);
      }
      Object.assign(present, after);
    },
  },
  UntagResource: {
    authorize: ({ resourceArn, tagKeys = [] }, call) => on(call, resourceArn, { "aws:TagKeys": tagKeys }),
    run({ resourceArn, tagKeys = [] }, call) {
      const present = requireTags(call, resourceArn);
      for (const key of tagKeys) delete present[key];
    },
  },
  ListTagsForResource: {
    authorize: ({ resourceArn }, call) => on(call, resourceArn),
    run: ({ resourceArn }, call) => ({ tags: { ...requireTags(call, resourceArn) } }),
  },
} satisfies Operations<typeof Sdk>;

export const operations = {
  ...Object.fromEntries((Object.keys(RESOURCES) as ResourceName[]).flatMap(operationsOf)),
  ...tags,
};
