import type { Comparison } from "./matcher.ts";
import { faultAt, PatternFault } from "./pattern-error.ts";
import type { JsonNode } from "./read-json.ts";

const LIMIT = 5e9;

/** `["=", n]`, or one or two bounds of a range: `[">", 0, "<=", 5]`; numbers within five billions (Event Ruler). */
export function parseNumeric(node: JsonNode): Comparison[] {
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
