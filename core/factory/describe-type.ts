import * as z from "zod";

export type Schema = z.core.$ZodType;

/** zod's own classes; only the definition is read here. */
type Def = z.core.$ZodTypes["_zod"]["def"];

export const defOf = (schema: Schema): Def => schema._zod.def as Def;

export const titleOf = (schema: Schema): string | undefined => z.globalRegistry.get(schema)?.title;

/**
 * A type with its limits: `integer (0 to 14)`, `list of region, at least 1 item`. A schema with a title is what its title
 * says. Limits are the messages of the schema's checks, without what follows `such as` or a semicolon in them.
 */
export function describeType(schema: Schema): string {
  const def = defOf(schema);
  const title = titleOf(schema);
  if (title) return title;
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
      return describeType(def.innerType);
    case "pipe":
      return describeType(def.in);
    case "array":
      return [`list of ${describeType(def.element)}`, ...limitsOf(schema)].join(", ");
    case "record":
      return [`map from ${describeType(def.keyType)} to ${describeType(def.valueType)}`, ...limitsOf(schema)].join(
        ", ",
      );
    case "union":
      return [...new Set(def.options.map(describeType))].join(" or ");
    case "enum":
      return alternatives(Object.values(def.entries));
    case "literal":
      return alternatives(def.values);
    default: {
      const type = def.type === "custom" ? "string" : def.type === "number" && "format" in def ? "integer" : def.type;
      const limits = limitsOf(schema);
      return limits.length > 0 ? `${type} (${limits.join(", ")})` : type;
    }
  }
}

/** What a title stands for, with the examples of its messages. */
export function describeLimits(schema: Schema): string {
  const def = defOf(schema);
  if (def.type === "pipe") return describeLimits(def.in);
  const parts = def.type === "record" ? [def.keyType, def.valueType, schema] : [schema];
  return parts.flatMap((one) => [...messagesOf(one), ...boundsOf(one)]).join("; ");
}

const alternatives = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(" | ");

type Check = z.core.$ZodChecks["_zod"]["def"];

/** A check with a path is one of a key's. */
const checksOf = (schema: Schema): readonly Check[] =>
  (defOf(schema).checks ?? []).map(({ _zod }) => _zod.def as Check).filter((check) => !("path" in check));

/** The messages of a schema's checks: each says what is valid. */
const messagesOf = (schema: Schema): readonly string[] => {
  const def = defOf(schema);
  return [...(def.type === "object" ? [] : [def]), ...checksOf(schema)].flatMap(messageOf);
};

/** Without what follows `such as` or a semicolon. */
const limitsOf = (schema: Schema): readonly string[] => [
  ...messagesOf(schema).map((text) => text.replace(/,? such as .*|; .*/, "")),
  ...boundsOf(schema),
];

function boundsOf(schema: Schema): readonly string[] {
  const checks = checksOf(schema);
  return [...rangeOf(checks), ...lengthOf(checks, defOf(schema).type === "array" ? "item" : "character")];
}

function lengthOf(checks: readonly Check[], what: string): readonly string[] {
  const least = checks.find((check) => check.check === "min_length")?.minimum;
  const most = checks.find((check) => check.check === "max_length")?.maximum;
  if (least !== undefined && most !== undefined) return [`${least} to ${countOf(most, what)}`];
  if (most !== undefined) return [`at most ${countOf(most, what)}`];
  return least === undefined ? [] : [`at least ${countOf(least, what)}`];
}

function rangeOf(checks: readonly Check[]): readonly string[] {
  const least = checks.find((check) => check.check === "greater_than");
  const most = checks.find((check) => check.check === "less_than");
  if (least?.inclusive && most) return [`${least.value} to ${most.value}`];
  return [
    ...(least ? [`${least.inclusive ? "at least" : "more than"} ${least.value}`] : []),
    ...(most ? [`at most ${most.value}`] : []),
  ];
}

/** `1 item`, `40 characters` */
export const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** zod's own type takes an issue that only zod can make. */
type Message = (issue: object) => string | { readonly message: string } | null | undefined;

/** What is valid, for a message: with an example, where the schema's message has one. */
export function expectationOf(schema: Schema): string {
  const def = defOf(schema);
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
      return expectationOf(def.innerType);
    case "pipe":
      return expectationOf(def.in);
    case "enum":
      return `one of ${Object.values(def.entries)
        .map((value) => JSON.stringify(value))
        .join(", ")}`;
    default: {
      const [own] = def.type === "object" ? [] : messagesOf(schema);
      const type = describeType(schema);
      return own ?? `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
    }
  }
}

/** What a check or a format says is valid. Numbers say it by their limits. */
function messageOf(def: { readonly error?: unknown; readonly check?: string }): readonly string[] {
  if (def.check === "greater_than" || def.check === "less_than" || def.check === "number_format") return [];
  const message = (def.error as Message | undefined)?.({ path: [] });
  const text = typeof message === "string" ? message : message?.message;
  return text ? [text] : [];
}
