import { BlockList, isIP } from "node:net";
import type { Comparison, Matcher } from "./matches.ts";
import { faultAt, PatternFault } from "./pattern-error.ts";
import type { JsonNode } from "./read-json.ts";

type ObjectNode = JsonNode & { kind: "object" };

/** Parses one match expression: `{"prefix": "x"}`. */
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

const LIMIT = 5e9;

/** `["=", n]`, or one or two bounds of a range: `[">", 0, "<=", 5]`; numbers within five billions (Event Ruler). */
function parseNumeric(node: JsonNode): Comparison[] {
  if (node.kind !== "array") throw faultAt(node, "Value of numeric must be an array.");
  const [first, ...rest] = pairs(node);
  if (!first) throw new PatternFault("Invalid member in numeric match: ]", node.end);
  const [second, third] = rest;
  if (third || (second && first.operator === "=")) {
    throw new PatternFault("Too many elements in numeric expression", node.end);
  }
  if (!second) return [first];
  const [lower, upper] = [first, second];
  if (!lower.operator.startsWith(">") || !upper.operator.startsWith("<")) {
    throw new PatternFault(`Bad numeric range operator: ${second.operator}`, node.end);
  }
  if (lower.operand >= upper.operand) throw new PatternFault("Bottom must be less than top", node.end);
  return [lower, upper];
}

function* pairs(node: JsonNode & { kind: "array" }): Generator<Comparison> {
  for (let at = 0; at < node.items.length; at += 2) {
    const operator = node.items[at];
    const operand = node.items[at + 1];
    if (operator?.kind !== "scalar" || typeof operator.value !== "string") {
      throw faultAt(operator ?? node, `Invalid member in numeric match: ${shown(operator)}`);
    }
    if (!isOperator(operator.value)) {
      throw faultAt(operator, `Unrecognized numeric range operator: ${operator.value}`);
    }
    if (operand?.kind !== "scalar" || typeof operand.value !== "number") {
      const name = operator.value === "=" ? "equals" : operator.value;
      throw operand
        ? faultAt(operand, `Value of ${name} must be numeric`)
        : new PatternFault(`Value of ${name} must be numeric`, node.end);
    }
    if (Math.abs(operand.value) > LIMIT) {
      throw faultAt(operand, "Value must be between -5.0E9 and 5.0E9, inclusive");
    }
    yield { operator: operator.value, operand: operand.value };
  }
}

const isOperator = (text: string): text is Comparison["operator"] => ["=", "<", "<=", ">", ">="].includes(text);

const shown = (node: JsonNode | undefined): string =>
  node?.kind === "scalar" ? String(node.value) : node?.kind === "array" ? "[" : "{";

/**
 * AWS refuses patterns whose wildcards can match in too many ways at once, and publishes no threshold.
 * These limits agree with its recorded answers.
 */
const MOST_WILDCARDS = 5;

const MOST_REPEATS = 3;

/** The strings between wildcards. `*` matches any characters; `\*` and `\\` are literal. */
function parseWildcard(node: JsonNode, text: string): string[] {
  const segments: string[] = [""];
  let lastStar = -2;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      const escaped = text[++at];
      if (escaped !== "*" && escaped !== "\\") throw faultAt(node, `Invalid escape character at pos ${at - 1}`);
      segments[segments.length - 1] += escaped;
    } else if (character === "*") {
      if (lastStar === at - 1) throw faultAt(node, `Consecutive wildcard characters at pos ${at}`);
      lastStar = at;
      segments.push("");
    } else {
      segments[segments.length - 1] += character;
    }
  }
  if (isTooComplex(segments)) {
    throw new PatternFault(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
  return segments;
}

function isTooComplex(segments: readonly string[]): boolean {
  const between = segments.slice(1, -1);
  const repeats = Math.max(0, ...between.map((one) => between.filter((other) => other === one).length));
  return segments.length - 1 > MOST_WILDCARDS || repeats > MOST_REPEATS;
}

/** Whether an address (IPv4 or IPv6) is in a block such as `10.0.0.0/24`. */
function parseCidr(text: string): (address: string) => boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (bits === undefined || more.length > 0) throw new PatternFault("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new PatternFault("Malformed CIDR, mask bits must be an integer");
  const version = isIP(address);
  if (version === 0) throw new PatternFault(`Nonstandard IP address: ${address}`);
  const mask = Number(bits);
  if (mask < 0) throw new PatternFault("Malformed CIDR, mask bits must not be negative");
  const most = version === 4 ? 31 : 127;
  if (mask > most) throw new PatternFault(`IPv${version} mask bits must be < ${most + 1}`);
  const block = new BlockList();
  block.addSubnet(address, mask, version === 4 ? "ipv4" : "ipv6");
  return (candidate) => {
    const candidateVersion = isIP(candidate);
    // BlockList also finds an IPv4 address in a mapped IPv6 block; EventBridge compares only the same version.
    return candidateVersion === version && block.check(candidate, version === 4 ? "ipv4" : "ipv6");
  };
}
