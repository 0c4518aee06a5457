import { defOf, type Schema, titleOf } from "./describe-type.ts";

/** A key of the config, as its schema declares it. */
export interface Setting {
  readonly key: string;
  /** `images.<name>.channels[].soak`: `<name>` stands for a name, `[]` for an item. */
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
  /** In the form that a config has; undefined without a default. */
  readonly default: unknown;
  /** What the value, its items or its entries consist of; empty where they are not objects. */
  readonly forms: readonly Form[];
}

/** An object of the config; a union has one for each member. */
export interface Form {
  /** The same object in several places has the same schema. */
  readonly schema: Schema;
  /** `images.<name>.channels[]` */
  readonly path: string;
  readonly settings: readonly Setting[];
}

/** The forms of the objects in a schema, at any depth of lists and maps. @param path of the schema's value */
export function formsOf(schema: Schema, path = ""): readonly Form[] {
  const def = defOf(schema);
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
      return formsOf(def.innerType, path);
    case "pipe":
      return formsOf(def.in, path);
    case "array":
      return formsOf(def.element, `${path}[]`);
    case "record":
      return formsOf(def.valueType, `${path}.<${placeholder(def.keyType)}>`);
    case "union": {
      const forms = def.options.flatMap((option) => formsOf(option, path));
      return forms.filter((form, nth) => forms.findIndex((other) => other.schema === form.schema) === nth);
    }
    case "object":
      return [
        {
          schema,
          path,
          settings: Object.entries(def.shape).map(([key, one]) => settingOf(key, one, path ? `${path}.${key}` : key)),
        },
      ];
    default:
      return [];
  }
}

/** `name`, `region`, `account`: the first word of a key's title. */
const placeholder = (key: Schema): string => {
  const def = defOf(key);
  const [first = key] = def.type === "union" ? def.options : [];
  return titleOf(first)?.split(" ")[0] ?? "key";
};

function settingOf(key: string, schema: Schema, path: string): Setting {
  const def = defOf(schema);
  const hasDefault = def.type === "default" || def.type === "prefault";
  return {
    key,
    path,
    schema,
    isRequired: !hasDefault && def.type !== "optional",
    default: hasDefault ? def.defaultValue : undefined,
    forms: formsOf(schema, path),
  };
}

/** The schemas of the value at a path of a config; a union can have several. */
export function schemasAt(schema: Schema, path: readonly PropertyKey[]): readonly Schema[] {
  const def = defOf(schema);
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
      return schemasAt(def.innerType, path);
    case "pipe":
      return schemasAt(def.in, path);
    case "array":
      return schemasAt(def.element, rest);
    case "record":
      return schemasAt(def.valueType, rest);
    case "union":
      return def.options.flatMap((option) => schemasAt(option, path));
    case "object": {
      const one = def.shape[String(key)];
      return one ? schemasAt(one, rest) : [];
    }
    default:
      return [];
  }
}

/** The keys of each form that the object at a path of a config can have. */
export const formsAt = (schema: Schema, path: readonly PropertyKey[]): readonly (readonly string[])[] =>
  schemasAt(schema, path).flatMap((one) => formsOf(one).map(({ settings }) => settings.map(({ key }) => key)));

/**
 * The keys that the object at a path of a config could have besides its own.
 * @param present its known keys; of several forms, the one that has most of them counts
 */
export function keysAt(schema: Schema, path: readonly PropertyKey[], present: readonly string[]): readonly string[] {
  const forms = formsAt(schema, path);
  const sharedBy = (keys: readonly string[]): number => keys.filter((key) => present.includes(key)).length;
  const closest = forms.reduce<readonly string[]>(
    (best, keys) => (sharedBy(keys) > sharedBy(best) ? keys : best),
    forms[0] ?? [],
  );
  return closest.filter((key) => !present.includes(key));
}
