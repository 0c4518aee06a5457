import { ACTIONS, type ActionModule, type Input } from "./actions.ts";
import { COMPARISONS, LOGICAL, TESTS } from "./comparison.ts";
import { BRANCHES, FAILURE_MODES, PHASES } from "./document.ts";
import { VARIABLE_NAME } from "./parse-document.ts";
import { DELIMITERS } from "./parse-loop.ts";
import { STEP_NAME } from "./parse-step.ts";
import { INSPECTIONS } from "./step-host.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Unquoted YAML values that are meant as strings. */
const TEXT = { type: ["string", "number", "boolean"] };
const REFERENCE = { type: "string", pattern: "\\{\\{" };

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...(required.length > 0 && { required }),
});

const list = (items: Schema): Schema => ({ type: "array", items, minItems: 1 });

/**
 * The grammar of component documents as a JSON schema, draft 7, for YAML editors, generated from the tables of the
 * check. It does not cover rules across several places of a document (chaining expressions, duplicate names).
 */
export const documentSchema = (): Schema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "AWSTOE component document",
  description: "A component of EC2 Image Builder",
  ...object(
    {
      name: { type: "string" },
      description: { type: "string" },
      schemaVersion: { enum: ["1.0", 1] },
      parameters: { type: "array", items: variable({ type: { const: "string" }, default: TEXT, description: TEXT }) },
      constants: { type: "array", items: variable({ type: { const: "string" }, value: TEXT }, ["type", "value"]) },
      phases: list(
        object({ name: { anyOf: [{ enum: PHASES }, { type: "string", minLength: 1 }] }, steps: list(step()) }, [
          "name",
          "steps",
        ]),
      ),
    },
    ["schemaVersion", "phases"],
  ),
  definitions: Object.fromEntries([1, 2, 3, 4].map((depth) => [`comparison${depth}`, comparison(depth)])),
});

const variable = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = ["type"]): Schema => ({
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  patternProperties: { [VARIABLE_NAME.source]: object(properties, required) },
  additionalProperties: false,
});

const step = (): Schema => ({
  ...object(
    {
      name: { type: "string", pattern: STEP_NAME.source },
      action: {
        anyOf: Object.entries(ACTIONS).map(([name, { does, platforms }]) => ({
          const: name,
          description: `${does} (${platforms.join(", ")})`,
        })),
      },
      timeoutSeconds: { anyOf: [{ type: "integer", minimum: 1 }, { const: -1 }], default: 7200 },
      onFailure: { enum: FAILURE_MODES, default: "Abort" },
      maxAttempts: { type: "integer", minimum: 1, default: 1 },
      inputs: {},
      loop: loop(),
      if: { anyOf: [condition(), { type: "array", items: condition(), minItems: 1, maxItems: 1 }] },
      disableLogging: { type: "boolean", default: false },
    },
    ["name", "action"],
  ),
  allOf: Object.entries(ACTIONS).map(([name, module]) => ({
    if: { required: ["action"], properties: { action: { const: name } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
    then: ofAction(module),
  })),
});

function ofAction(module: ActionModule): Schema {
  const { form, withoutInputs, unlimitedOnce } = module;
  const entry = form === "comparison" ? { $ref: "#/definitions/comparison1" } : inputsOf(module);
  return {
    properties: {
      inputs: form === "list" ? list(entry) : withoutInputs ? { anyOf: [entry, { type: "null" }] } : entry,
      ...(unlimitedOnce && { timeoutSeconds: { const: -1 }, maxAttempts: { const: 1 } }),
    },
    ...(!withoutInputs && { required: ["inputs"] }),
  };
}

function inputsOf({ inputs, oneOf, together = [] }: ActionModule): Schema {
  const required = Object.keys(inputs).filter((name) => inputs[name]?.required);
  const properties = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, value(input)]));
  return {
    ...object(properties, required),
    ...(oneOf && { oneOf: oneOf.map((name) => ({ required: [name] })) }),
    ...(together.length > 0 && { dependencies: Object.fromEntries(together.map((name) => [name, together])) }),
  };
}

function value({ type, values }: Input): Schema {
  if (values) {
    const either = values.map((one) => one.replaceAll(/[a-zA-Z]/g, (c) => `[${c.toLowerCase()}${c.toUpperCase()}]`));
    return { anyOf: [{ enum: values }, { type: "string", pattern: `^(${either.join("|")})$` }, REFERENCE] };
  }
  switch (type) {
    case "text":
      return TEXT;
    case "flag":
      return { anyOf: [{ type: "boolean" }, { enum: ["true", "false"] }, REFERENCE] };
    case "integer":
      return { anyOf: [{ type: "integer", minimum: 0 }, { type: "string", pattern: "^\\d+$" }, REFERENCE] };
    case "texts":
      return list(TEXT);
    case "scalar or list":
      return { type: [...TEXT.type, "array"] };
    case "properties":
      return { type: "object", additionalProperties: TEXT };
    case "parameters":
      return { type: "array", items: object({ name: TEXT, value: TEXT }, ["name", "value"]) };
  }
}

function loop(): Schema {
  const bound = { anyOf: [{ type: "integer" }, { type: "string", pattern: "^[-+]?\\d+$" }, REFERENCE] };
  const update = { allOf: [bound, { not: { enum: [0, "0"] } }] };
  const counted = object({ start: bound, end: bound, updateBy: update }, ["start", "end", "updateBy"]);
  const delimited = object({ list: TEXT, delimiter: { enum: DELIMITERS } }, ["list"]);
  return {
    ...object({ name: { type: "string" }, for: counted, forEach: { anyOf: [list(TEXT), delimited] } }),
    oneOf: [{ required: ["for"] }, { required: ["forEach"] }],
  };
}

const operands: readonly (readonly [string, Readonly<Record<string, Schema>>])[] = [
  ...Object.keys(COMPARISONS).map((name) => [name, { [name]: TEXT, value: TEXT }] as const),
  ...Object.keys(TESTS).map((name) => [name, { [name]: TEXT }] as const),
  ...INSPECTIONS.map((name) => [name, { [name]: TEXT, ...(name.endsWith("Equals") && { path: TEXT }) }] as const),
];

/** One operator with its other keys. @param besides properties that only a step's `if` has */
function comparison(depth: number, besides: Readonly<Record<string, Schema>> = {}): Schema {
  const simple = operands.map(([, properties]) => object({ ...properties, ...besides }, Object.keys(properties)));
  if (depth === 4) return { anyOf: simple };
  const part = { $ref: `#/definitions/comparison${depth + 1}` };
  const logical = LOGICAL.map((name) => {
    const parts = name === "not" ? { anyOf: [part, { ...list(part), maxItems: 1 }] } : list(part);
    return object({ [name]: parts, ...besides }, [name]);
  });
  return { anyOf: [...logical, ...simple] };
}

// biome-ignore lint/suspicious/noThenProperty: a field of a step's `if`
const condition = (): Schema => comparison(1, { then: { enum: BRANCHES }, else: { enum: BRANCHES } });
