import type { Matcher } from "./matcher.ts";
import { parseCidr } from "./parse-cidr.ts";
import { parseNumeric } from "./parse-numeric.ts";
import { parseWildcard } from "./parse-wildcard.ts";
import { faultAt, PatternFault } from "./pattern-error.ts";
import type { JsonNode } from "./read-json.ts";

type ObjectNode = JsonNode & { kind: "object" };

/** Reads one match expression: `{"prefix": "x"}`. */
export function parseMatch(node: ObjectNode): Matcher {
  const [only, second] = node.entries;
  if (!only) throw new PatternFault("Empty objects are not allowed", node.end);
  const { key, value } = only;
  const matcher = parseKeyword(key, value);
  if (second) throw new PatternFault("Only one key allowed in match expression", second.value.start);
  return matcher;
}

function parseKeyword(key: string, value: JsonNode): Matcher {
  switch (key) {
    case "prefix":
    case "suffix":
      return parseAffix(key, value);
    case "equals-ignore-case":
      return { kind: key, value: text(value, key).toLowerCase() };
    case "wildcard":
      return { kind: key, segments: parseWildcard(value, text(value, key)) };
    case "anything-but":
      return parseAnythingBut(value);
    case "numeric":
      return { kind: key, comparisons: parseNumeric(value) };
    case "exists":
      if (value.kind !== "scalar" || typeof value.value !== "boolean") {
        throw faultAt(value, "exists match pattern must be either true or false.");
      }
      return { kind: key, exists: value.value };
    case "cidr":
      return { kind: key, contains: parseCidr(text(value, key)) };
    default:
      throw faultAt(value, `Unrecognized match type ${key}`);
  }
}

function parseAffix(kind: "prefix" | "suffix", node: JsonNode): Matcher {
  if (node.kind !== "object") return { kind, value: text(node, kind), ignoreCase: false };
  const [only] = node.entries;
  if (!only || node.entries.length > 1 || only.key !== "equals-ignore-case") {
    throw faultAt(node, `Unsupported ${kind} pattern: ${only?.key ?? "{}"}`);
  }
  return { kind, value: text(only.value, "equals-ignore-case").toLowerCase(), ignoreCase: true };
}

function parseAnythingBut(node: JsonNode): Matcher {
  if (node.kind === "object") return { kind: "anything-but-match", matchers: parseAnythingButMatch(node) };
  if (node.kind === "array") return { kind: "anything-but", values: parseAnythingButList(node) };
  if (typeof node.value !== "string" && typeof node.value !== "number") throw notAnythingBut(node);
  return { kind: "anything-but", values: [node.value] };
}

const notAnythingBut = (node: JsonNode): PatternFault =>
  faultAt(node, "Value of anything-but must be an array or single string/number value.");

function parseAnythingButList(node: JsonNode & { kind: "array" }): (string | number)[] {
  if (node.items.length === 0) throw new PatternFault("Empty arrays are not allowed", node.end);
  const values = node.items.map((item) => {
    if (item.kind === "scalar" && (typeof item.value === "string" || typeof item.value === "number")) return item.value;
    throw faultAt(item, "Inside anything but list, start|null|boolean is not supported.");
  });
  if (new Set(values.map((value) => typeof value)).size > 1) {
    const reason = "Inside anything but list, either all values are number or string, mixed type is not supported";
    throw new PatternFault(reason, node.end);
  }
  return values;
}

function parseAnythingButMatch(node: ObjectNode): Matcher[] {
  const [only] = node.entries;
  if (!only) throw new PatternFault("Empty objects are not allowed", node.end);
  if (node.entries.length > 1) throw new PatternFault("Only one key allowed in match expression", node.end);
  const { key, value } = only;
  if (key !== "prefix" && key !== "suffix" && key !== "equals-ignore-case" && key !== "wildcard") {
    throw faultAt(value, `Unsupported anything-but pattern: ${key}`);
  }
  if (value.kind === "object") throw notAnythingBut(value);
  const listed = value.kind === "array";
  const items = listed ? value.items : [value];
  if (items.length === 0) throw new PatternFault("Empty arrays are not allowed", value.end);
  return items.map((item) => {
    if (key === "equals-ignore-case" || listed) {
      if (item.kind !== "scalar" || typeof item.value !== "string") {
        throw faultAt(item, `Inside anything-but/${key} list, number|start|null|boolean is not supported.`);
      }
    }
    if (key === "equals-ignore-case") return { kind: key, value: text(item, key).toLowerCase() };
    if (key === "wildcard") return { kind: key, segments: parseWildcard(item, text(item, key)) };
    const affix = text(item, "prefix/suffix");
    if (affix === "") throw faultAt(item, "Null prefix/suffix not allowed");
    return { kind: key, value: affix, ignoreCase: false };
  });
}

function text(node: JsonNode, name: string): string {
  if (node.kind === "scalar" && typeof node.value === "string") return node.value;
  throw faultAt(node, `${name} match pattern must be a string`);
}
