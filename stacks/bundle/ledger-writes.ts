import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Kind, kinds } from "../../core/ledger/kinds.ts";
import { declaredHandlers, nameOf } from "./handlers.ts";
import { bundleOptions } from "./options.ts";

/** A call of `writer` (`adapters/ledger/writer.ts`) in a bundle, even if esbuild renames the function. */
const WRITER = /\bwriter\d*\("(\w+)"\)/g;

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = new URL("../resources/ledger-writes.json", import.meta.url);

/**
 * Finds the partitions of the ledger that each function writes, in alphabetical order, by the writers that remain in its
 * bundle after esbuild's tree shaking. So the list follows the code.
 * @returns by the function's name
 */
export async function findLedgerWrites(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { outputFiles } = await build({
    ...bundleOptions(join(root, "factory.config.ts")),
    minify: false,
    packages: "external",
    absWorkingDir: root,
    entryPoints: declaredHandlers(root).map((path) => `./functions/${path}.ts`),
    outdir: "functions",
    write: false,
  });
  const found = outputFiles.map(({ path, text }) => {
    const written = [...text.matchAll(WRITER)].map(([, kind]) => kinds[kind as Kind].partition);
    return [nameOf(basename(path, ".js")), [...new Set(written)].sort()] as const;
  });
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Formatted as `npm run check` requires. Functions that write nothing are listed with an empty list. */
async function text(): Promise<string> {
  const entries = Object.entries(await findLedgerWrites());
  const lines = entries.map(([name, partitions]) => `  ${JSON.stringify(name)}: ${JSON.stringify(partitions)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

export async function writeLedgerWrites(): Promise<void> {
  writeFileSync(file, await text());
}

/** @throws if the file does not match the code */
export async function checkLedgerWrites(): Promise<void> {
  if (readFileSync(file, "utf8") === (await text())) return;
  throw new Error('stacks/resources/ledger-writes.json does not match the functions; run "npm run blueprint".');
}
