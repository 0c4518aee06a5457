import { badInput } from "./bad-input.ts";

/** One step of a form's dotted keys: `Filter.1.Name=state` is Filter, 1, Name. */
export interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** Longer keys name nothing in any model; they could only exhaust the stack. */
const LONGEST_KEY = 64;

export function formTree(fields: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  for (const [key, value] of fields) {
    const steps = key.split(".");
    if (steps.length > LONGEST_KEY) throw badInput(`The parameter ${key.slice(0, 100)} is not recognized`);
    let node = root;
    for (const step of steps) {
      const child: FormNode = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** The numbered children in order: `1`, `2`, ... AWS lets numbers be left out. */
export const numbered = (node: FormNode): FormNode[] =>
  [...node.children]
    .filter(([step]) => /^\d+$/.test(step))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
