import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { parseSync, Visitor } from "oxc-parser";
import { sourceFiles } from "../source-files.ts";

/** A class of errors in the code. */
export interface ErrorClass {
  readonly name: string;
  readonly file: string;
  /** The names of the constructor's parameters, and the keys of those that are taken apart; undefined without a constructor. */
  readonly parameters: readonly (string | readonly string[])[] | undefined;
}

type Node = { readonly type: string; readonly [key: string]: unknown };
interface Named {
  readonly name: string;
}

const LAYERS = /^(cli|core|functions|adapters|stacks|local|events)\//;
const product = sourceFiles().filter(({ path }) => LAYERS.test(path) && path.endsWith(".ts"));

/** A parameter's name, or the keys that its pattern takes. */
function nameOf(parameter: Node): string | readonly string[] {
  if (parameter.type === "AssignmentPattern") return nameOf(parameter.left as Node);
  if (parameter.type !== "ObjectPattern") return String((parameter as unknown as Named).name);
  const properties = parameter.properties as readonly { readonly key?: Named }[];
  return properties.flatMap(({ key }) => key?.name ?? []);
}

/** The text of a message that code puts together; `{}` in place of values. */
function textOf(node: Node | undefined): string {
  if (node?.type === "Literal") return String(node.value);
  if (node?.type === "BinaryExpression") return textOf(node.left as Node) + textOf(node.right as Node);
  if (node?.type !== "TemplateLiteral") return "{}";
  return (node.quasis as readonly { readonly value: { readonly cooked: string } }[])
    .map(({ value }) => value.cooked)
    .join("{}");
}

export interface Made {
  readonly name: string;
  /** `file:line`. */
  readonly at: string;
  readonly message: string;
}

/** Where instances of classes are made, by `new`. */
function madeIn(file: string, classes: ReadonlySet<string>): Made[] {
  const code = readFileSync(file, "utf8");
  const found: Made[] = [];
  new Visitor({
    NewExpression({ callee, arguments: [first], start }) {
      if (callee.type !== "Identifier" || !classes.has(callee.name)) return;
      const at = `${file}:${code.slice(0, start).split("\n").length}`;
      found.push({ name: callee.name, at, message: textOf(first as unknown as Node) });
    },
  }).visit(parseSync(file, code).program);
  return found;
}

/** Every `new` of these classes in the product. */
export const makingOf = (names: ReadonlySet<string>): Made[] => product.flatMap(({ path }) => madeIn(path, names));

function classesOf(file: string): ErrorClass[] {
  const { program } = parseSync(file, readFileSync(file, "utf8"));
  const found: ErrorClass[] = [];
  new Visitor({
    ClassDeclaration({ id, superClass, body }) {
      if (superClass?.type !== "Identifier" || !superClass.name.endsWith("Error") || !id) return;
      const made = body.body.find((one) => one.type === "MethodDefinition" && one.kind === "constructor");
      const parameters =
        made?.type === "MethodDefinition" ? made.value.params.map((one) => nameOf(one as unknown as Node)) : undefined;
      found.push({ name: id.name, file, parameters });
    },
  }).visit(program);
  return found;
}

/** Every class of errors of the product, by file. */
export const errorClasses = (): ErrorClass[] => product.flatMap(({ path }) => classesOf(path));

type Constructor = new (...values: never[]) => Error;

/** The classes themselves, also those that their files keep to themselves: by `file#name`. */
export async function loadClasses(classes: readonly ErrorClass[]): Promise<ReadonlyMap<string, Constructor>> {
  const byFile = Map.groupBy(classes, ({ file }) => resolve(file));
  const alias = new Map([...byFile.values()].flat().map((one, n) => [one, `error${n}`] as const));
  const contents = [...byFile]
    .map(([file, own]) => `export { ${own.map((one) => alias.get(one)).join(", ")} } from ${JSON.stringify(file)};`)
    .join("\n");
  const folder = await mkdtemp(resolve("node_modules/.cache/errors-"));
  try {
    const outfile = join(folder, "classes.mjs");
    await build({
      stdin: { contents, resolveDir: "." },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
      plugins: [
        {
          name: "exports",
          setup({ onLoad, onResolve }) {
            // Only what the classes use is bundled.
            onResolve({ filter: /./ }, ({ path, resolveDir }) => {
              if (path === "amint") return { path: resolve("core/factory/amint.ts"), sideEffects: false };
              const isOurs = path.startsWith(".") || path.startsWith("/");
              return { path: isOurs ? resolve(resolveDir, path) : path, external: !isOurs, sideEffects: false };
            });
            onLoad({ filter: /\.ts$/ }, ({ path }) => {
              const own = byFile.get(path);
              if (!own) return;
              const exported = own.map((one) => `${one.name} as ${alias.get(one)}`).join(", ");
              return { contents: `${readFileSync(path, "utf8")}\nexport { ${exported} };`, loader: "ts" };
            });
          },
        },
      ],
    });
    const loaded = (await import(pathToFileURL(outfile).href)) as Record<string, Constructor>;
    return new Map([...alias].map(([one, name]) => [`${one.file}#${one.name}`, loaded[name] as Constructor]));
  } finally {
    await rm(folder, { recursive: true });
  }
}
