import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { allServices } from "../services/all.ts";

/** Contains the table between two markers. */
const readme = fileURLToPath(new URL("../../README.md", import.meta.url));

const BEGIN = "<!-- operations: made by `npx embedded-aws operations --write` -->";

const END = "<!-- /operations -->";

/** `operations`: the operations that are built, read from the code. */
export const operationsCommand = (): Command =>
  new Command("operations")
    .description("print all supported operations as a Markdown table")
    .option("--write", "write the table to the package's README.md")
    .action(async ({ write }: { write?: true }) => {
      if (write) await writeFile(readme, (await withTable()).current);
      else process.stdout.write(await operationsTable());
    });

/** The README as written, and as it would be with an up-to-date table. */
export async function withTable(): Promise<{ written: string; current: string }> {
  const written = await readFile(readme, "utf8");
  return { written, current: replaceTable(written, await operationsTable()) };
}

/** One line for each service; every other operation answers `NotImplemented`. */
async function operationsTable(): Promise<string> {
  const services = await Promise.all(Object.values(allServices).map((load) => load()));
  const lines = services
    .map(({ name, operations }) => ({ name, operations: Object.keys(operations).sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, operations }) => `| \`${name}\` | ${operations.length} | ${operations.join(", ")} |`);
  return ["| service | | operations |", "| --- | --- | --- |", ...lines, ""].join("\n");
}

/** @throws Error if a marker is missing */
function replaceTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md must contain the lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n${document.slice(end)}`;
}
