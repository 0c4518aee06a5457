import type { Matcher, Pattern } from "./matches.ts";
import { parseMatch } from "./parse-match.ts";
import { faultAt, invalidPattern, PatternFault } from "./pattern-error.ts";
import { type JsonNode, JsonSyntaxError, readJson } from "./read-json.ts";

/**
 * Parses an event pattern, or throws EventBridge's own error.
 * Source: EventBridge user guide, "Comparison operators for use in event patterns"; messages as recorded from AWS.
 */
export function parsePattern(text: string): Pattern {
  try {
    const root = readJson(text);
    if (root.kind !== "object") throw new PatternFault("Filter is not an object", 0);
    return parseObject(root);
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof PatternFault) throw invalidPattern(text, error);
    throw error;
  }
}

function parseObject(node: JsonNode & { kind: "object" }): Pattern {
  if (node.entries.length === 0) throw new PatternFault("Empty objects are not allowed", node.end);
  const fields = new Map<string, Field>();
  const anyOf: (readonly Pattern[])[] = [];
  for (const { key, value } of node.entries) {
    const alternatives = key === "$or" ? parseOr(value) : undefined;
    if (alternatives) anyOf.push(alternatives);
    else addField(fields, key, parseField(key, value));
  }
  return { fields, anyOf };
}

type Field = Pattern | readonly Matcher[];

/** `a.b` in a pattern is the same as `b` inside `a`: EventBridge joins the names of nested fields with dots. */
function addField(fields: Map<string, Field>, name: string, field: Field): void {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) {
    fields.set(first, field);
    return;
  }
  const known = fields.get(first);
  const inner = new Map(known && "fields" in known ? known.fields : []);
  addField(inner, rest.join("."), field);
  fields.set(first, { fields: inner, anyOf: known && "fields" in known ? known.anyOf : [] });
}

function parseField(name: string, node: JsonNode): Pattern | Matcher[] {
  if (node.kind === "object") return parseObject(node);
  if (node.kind === "array") return parseValues(node);
  throw faultAt(node, `"${name}" must be an object or an array`);
}

function parseValues(node: JsonNode & { kind: "array" }): Matcher[] {
  if (node.items.length === 0) throw new PatternFault("Empty arrays are not allowed", node.end);
  return node.items.map((item) => {
    if (item.kind === "scalar") return { kind: "equals", value: item.value };
    if (item.kind === "object") return parseMatch(item);
    throw faultAt(item, "Match value must be String, number, true, false, or null");
  });
}

/**
 * `$or` is a relationship when it lists two or more objects whose keys are fields; otherwise it is a field of that name
 * (Event Ruler, "Or matching").
 */
function parseOr(node: JsonNode): Pattern[] | undefined {
  if (node.kind !== "array" || node.items.length < 2) return undefined;
  const objects = node.items.filter((item) => item.kind === "object");
  if (objects.length !== node.items.length) return undefined;
  const named = objects.every((item) => item.entries.length > 0 && !item.entries.some((entry) => isKeyword(entry.key)));
  return named ? objects.map(parseObject) : undefined;
}

const KEYWORDS = ["exists", "equals-ignore-case", "prefix", "suffix", "anything-but", "numeric", "cidr", "wildcard"];

const isKeyword = (key: string): boolean => KEYWORDS.includes(key);
