/** Kinds of nodes that do their work once, whatever their operands hold. */
const simple = ["binary", "block", "condition", "name", "number", "string", "unary", "value", "variable"];
/** Functions that look at each element once, at most. */
const functions = ["boolean", "count", "exists", "keys", "length", "not", "number", "parse", "string", "uuid"];

/** Whether the expression needs no watching: no loop, function of its own, pattern or range; most expressions have none. */
export function isHarmless(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isHarmless);
  if (typeof node !== "object" || node === null) return true;
  const { type, value, procedure, steps, ...rest } = node as Record<string, unknown>;
  if (["predicate", "stages", "group", "focus", "index", "tuple"].some((field) => rest[field] !== undefined)) {
    return isNumericIndex(rest) && rest.group === undefined && rest.focus === undefined && rest.tuple === undefined;
  }
  if (type === "path") return isPlainPath(steps);
  if (type === "function") {
    const called = procedure as { type?: unknown; value?: unknown } | undefined;
    return called?.type === "variable" && functions.includes(String(called.value)) && isHarmless(rest.arguments);
  }
  if (type === undefined) return Object.values(rest).every(isHarmless);
  if (!simple.includes(String(type)) || value === ".." || value instanceof RegExp) return false;
  return Object.values(rest).every(isHarmless);
}

/** `$x.a.b[0]`: one walk down; a step that is more than a name would run once for every element before it. */
function isPlainPath(steps: unknown): boolean {
  if (!Array.isArray(steps)) return false;
  return steps.every((step: unknown, at) => {
    const { type } = step as { type?: unknown };
    return (at === 0 || type === "name") && isHarmless(step);
  });
}

/** `[0]`, and no other filter. */
function isNumericIndex(node: Record<string, unknown>): boolean {
  const filters = [node.predicate, node.stages].flat().filter((one) => one !== undefined);
  return filters.every((one) => {
    const { type, expr } = one as { type?: unknown; expr?: { type?: unknown } };
    return type === "filter" && expr?.type === "number";
  });
}
