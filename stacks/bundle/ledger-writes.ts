import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Kind, kinds } from "../../core/ledger/kinds.ts";
import { declaredHandlers } from "./handlers.ts";
import { bundleOptions } from "./options.ts";

/** What of a writer (`adapters/ledger/writer.ts`) stays in a bundle that uses it, however esbuild renames the function. */
const WRITER = /\bwriter\d*\("(\w+)"\)/g;

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = new URL("../resources/ledger-writes.json", import.meta.url);

/**
 * Finds the partitions of the ledger that each function writes, in alphabetical order: by the writers that are left in its
 * bundle once esbuild has removed what is not used. So the list follows the code.
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
    return [basename(path, ".js"), [...new Set(written)].sort()] as const;
  });
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** As `npm run check` lays JSON out: the roles of functions with nothing to write are listed, too. */
async function text(): Promise<string> {
  const entries = Object.entries(await findLedgerWrites());
  const lines = entries.map(([name, partitions]) => `  ${JSON.stringify(name)}: ${JSON.stringify(partitions)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

export async function writeLedgerWrites(): Promise<void> {
  writeFileSync(file, await text());
}

/** @throws where the file is not what the code says */
export async function checkLedgerWrites(): Promise<void> {
  if (readFileSync(file, "utf8") === (await text())) return;
  throw new Error('stacks/resources/ledger-writes.json is not what the functions write; run "npm run blueprint".');
}
