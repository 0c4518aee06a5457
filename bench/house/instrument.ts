import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import MagicString from "magic-string";
import { parseSync } from "oxc-parser";

/** Every call of a function, of all layers in the functions' bundles: its file, and its arguments, destructured ones by part. */
export type Followed = (file: string, values: readonly unknown[]) => void;

const LAYERS = /\/((?:functions|core|adapters|events)\/[^:]*\.ts)$/;

/** Makes each function of a tree call `globalThis.followed`, if that is set, before its body runs. */
export const instrument = (): Plugin => ({
  name: "instrument",
  setup(build) {
    build.onLoad({ filter: LAYERS }, ({ path }) => {
      if (path.includes("/node_modules/")) return undefined;
      const file = LAYERS.exec(path)?.[1] ?? path;
      return { contents: withCalls(file, readFileSync(path, "utf8")), loader: "ts" };
    });
  },
});

function withCalls(file: string, source: string): string {
  const text = new MagicString(source);
  const visit = (node: Node): void => {
    if (isFunction(node)) {
      const names = node.params.flatMap(namesIn);
      const call = `globalThis.followed?.(${JSON.stringify(file)}, [${names.join(", ")}])`;
      if (node.body.type === "BlockStatement") text.appendLeft(node.body.start + 1, `${call};`);
      else text.appendLeft(node.body.start, `(${call}, `).appendRight(node.body.end, ")");
    }
    for (const child of childrenOf(node)) visit(child);
  };
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(`${file} is not parsed: ${errors[0].message}`);
  visit(program as unknown as Node);
  return text.toString();
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}
interface FunctionNode extends Node {
  readonly params: readonly Node[];
  readonly body: Node;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const isFunction = (node: Node): node is FunctionNode =>
  /^(Arrow)?Function(Expression|Declaration)$/.test(node.type) && isNode(node.body);

/** The names that a parameter binds. */
function namesIn(pattern: Node): string[] {
  const inner = pattern.type === "Identifier" ? [] : [pattern.left, pattern.argument, pattern.value].filter(isNode);
  if (pattern.type === "Identifier") return pattern.name === "this" ? [] : [String(pattern.name)];
  if (inner.length > 0) return inner.flatMap(namesIn);
  return [pattern.properties, pattern.elements].flat().filter(isNode).flatMap(namesIn);
}
