/** What the text between `{{` and `}}` refers to. */
export type Reference =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "loop"; readonly loop: string; readonly member: "index" | "value" }
  | {
      readonly kind: "chained";
      readonly phase: string;
      readonly step: string;
      readonly side: "inputs" | "outputs";
      /** Undefined without brackets. */
      readonly index: number | undefined;
      readonly keys: readonly string[];
    }
  | { readonly kind: "parameter"; readonly name: string }
  /** `aws:ssm:resolve(…)`: the reference in parentheses gives the parameter's name. */
  | { readonly kind: "resolved"; readonly from: Reference; readonly text: string }
  /** Words with dots that refer to neither a loop nor a step. */
  | { readonly kind: "malformed" }
  /** Anything else, such as another program's template: not replaced. */
  | { readonly kind: "foreign" };

/** `{{ text }}`; the group has no surrounding spaces. */
export const REFERENCE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** By "Use variables", "Input and output chaining" and "looping constructs" of Image Builder's user guide. */
export function parseReference(text: string): Reference {
  const [, inner] = /^aws:ssm:resolve\((.*)\)$/.exec(text) ?? [];
  if (inner !== undefined) return { kind: "resolved", from: parseReference(inner.trim()), text: inner.trim() };
  const [, parameter] = /^aws:ssm:([\w./-]+)$/.exec(text) ?? [];
  if (parameter !== undefined) return { kind: "parameter", name: parameter };
  if (/^[\w-]+$/.test(text)) return { kind: "variable", name: text };
  const [, loop, member] = /^([\w-]+)\.(index|value)$/.exec(text) ?? [];
  if (loop !== undefined) return { kind: "loop", loop, member: member as "index" | "value" };
  const [, phase = "", step = "", side, index, keys] =
    /^([\w-]+)\.([\w-]+)\.(inputs|outputs)(?:\[(\d+)\])?\.([\w.-]+)$/.exec(text) ?? [];
  if (side !== undefined) {
    return {
      kind: "chained",
      phase,
      step,
      side: side as "inputs" | "outputs",
      index: index === undefined ? undefined : Number(index),
      keys: (keys ?? "").split("."),
    };
  }
  return { kind: /^(aws:|[\w-]+\.[\w-]+\.(inputs|outputs)\b)/.test(text) ? "malformed" : "foreign" };
}

/** The texts between braces in every string of a value. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === "string") return [...value.matchAll(REFERENCE)].map(([, text = ""]) => text);
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(referencesIn);
}
