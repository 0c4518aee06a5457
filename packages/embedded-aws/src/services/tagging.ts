import type { Authorization, Call, ServiceOperation } from "../engine/operation.ts";
import { requestTagContext } from "./tag-context.ts";

type Members = Readonly<Record<string, unknown>>;
type Tags = ReadonlyMap<string, string>;

/**
 * A service's tag operations, which differ only in names.
 * @template Target the input's members that name the resource
 */
interface Tagging<Target> {
  /** Names of the operations; defaults: TagResource, UntagResource, ListTagsForResource. `undefined`: not supported. */
  readonly add?: string;
  readonly remove?: string;
  readonly show?: string | undefined;
  /** The member with the tags, in the input of `add` and the output of `show`. */
  readonly tags: string;
  /** The output's member of `show`, if different. */
  readonly shown?: string;
  /** The member with the keys for `remove`. */
  readonly keys: string;
  /** How tags are written: as a map, or as a list with these members. */
  readonly form: "map" | readonly [key: string, value: string];
  /** Whether `show` is paged, as the service's lists are. */
  readonly paged?: true;
  /** The required authorizations, with the condition keys of the request's tags. */
  authorize(call: Call, target: Target, context: Authorization["context"]): readonly Partial<Authorization>[];
  /**
   * The resource's tags, which are changed in place.
   * @throws AwsError, the service's own, if the resource does not exist
   */
  find(call: Call, target: Target, purpose: "show" | "change"): Map<string, string>;
  /** @throws AwsError for tags that the resource cannot have */
  check?(after: Tags, added: readonly (readonly [key: string, value: string])[], target: Target): void;
}

export function tagOperations<Target extends object>(
  tagging: Tagging<Target>,
): {
  operations: Readonly<Record<string, ServiceOperation>>;
} {
  const { add = "TagResource", remove = "UntagResource", tags, keys } = tagging;
  const show = "show" in tagging ? tagging.show : "ListTagsForResource";
  const added = (input: Target) => pairsOf((input as Members)[tags], tagging.form);
  const removed = (input: Target) => ((input as Members)[keys] ?? []) as readonly string[];
  const tag: ServiceOperation<Target> = {
    authorize: (input, call) => tagging.authorize(call, input, requestTagContext(added(input))),
    run(input, call) {
      const found = tagging.find(call, input, "change");
      const after = new Map([...found, ...added(input)]);
      tagging.check?.(after, added(input), input);
      for (const [key, value] of after) found.set(key, value);
    },
  };
  const untag: ServiceOperation<Target> = {
    authorize: (input, call) => tagging.authorize(call, input, { "aws:TagKeys": removed(input) }),
    run(input, call) {
      const found = tagging.find(call, input, "change");
      for (const key of removed(input)) found.delete(key);
    },
  };
  const shown = tagging.shown ?? tags;
  const list: ServiceOperation<Target> = {
    ...(tagging.paged && { list: shown }),
    authorize: (input, call) => tagging.authorize(call, input, {}),
    run: (input, call) => ({ [shown]: written(tagging.find(call, input, "show"), tagging.form) }),
  };
  return { operations: { [add]: tag, [remove]: untag, ...(show && { [show]: list }) } };
}

function pairsOf(tags: unknown, form: Tagging<never>["form"]): (readonly [string, string])[] {
  if (form === "map") return Object.entries((tags ?? {}) as Readonly<Record<string, string>>);
  const [key, value] = form;
  return ((tags ?? []) as readonly Readonly<Record<string, string>>[]).map((one) => [one[key] ?? "", one[value] ?? ""]);
}

function written(tags: Tags, form: Tagging<never>["form"]): unknown {
  if (form === "map") return Object.fromEntries(tags);
  const [key, value] = form;
  return [...tags].map(([one, other]) => ({ [key]: one, [value]: other }));
}
