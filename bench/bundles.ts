import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleFunctions, bundlePath } from "../stacks/bundle/bundle-functions.ts";
import { declaredHandlers, nameOf } from "../stacks/bundle/handlers.ts";
import { coldImports } from "./bundles/cold-import.ts";
import { sized } from "./measure/sized.ts";

/**
 * The functions' deployed bundles: their size, and how long a fresh process takes to import one, compared with an empty
 * handler in the same run. The difference is the bundle's share of a cold start.
 */
const ROUNDS = sized(5, 1);
const root = resolve(import.meta.dirname, "..");
const row = (name: string, ...cells: readonly string[]): void =>
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(12)).join(""));
const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
const ms = (value: number): string => `${value.toFixed(0)} ms`;

const folder = await mkdtemp(join(tmpdir(), "amint-bundles-"));
try {
  const declared = declaredHandlers(root);
  const handlers = declared.slice(0, sized(declared.length, 4));
  await bundleFunctions(root, join(root, "factory.config.ts"), handlers, folder);
  const empty = join(folder, "empty.mjs");
  await writeFile(empty, "export const handler=async()=>{};");
  const paths = handlers.map((handler) => join(folder, bundlePath(handler)));
  const [nothing = { wall: 0, processor: 0 }, ...imports] = await coldImports([empty, ...paths], ROUNDS);

  row("", "minified", "gzip", "import", "- empty", "/ empty", "processor", "- empty", "/ empty");
  row("an empty handler", "", "", ms(nothing.wall), "", "", ms(nothing.processor));
  for (const [index, handler] of handlers.entries()) {
    const source = await readFile(paths[index] ?? "");
    const { wall = 0, processor = 0 } = imports[index] ?? {};
    const beside = (value: number, none: number) => [ms(value), ms(value - none), (value / none).toFixed(2)];
    const sizes = [kilobytes(source.length), kilobytes(gzipSync(source).length)];
    row(nameOf(handler), ...sizes, ...beside(wall, nothing.wall), ...beside(processor, nothing.processor));
  }
} finally {
  await rm(folder, { recursive: true });
}
