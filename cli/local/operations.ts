import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { allServices } from "../../local/services/all.ts";
import { root } from "../blueprint.ts";

/** Where the table stands, between two markers. */
export const documentPath = "docs/embedded-aws.md";
const BEGIN = "<!-- operations: made by `npx amint local operations --write` -->";
const END = "<!-- /operations -->";

/** `amint local operations`: what is built, from the code. */
export const operationsCommand = (): Command =>
  new Command("operations")
    .description("every operation that the embedded AWS answers, as a Markdown table")
    .option("--write", `put it into ${documentPath}`)
    .action(async ({ write }: { write?: true }) => {
      const table = await operationsTable();
      const path = `${root}${documentPath}`;
      if (write) await writeFile(path, replaceTable(await readFile(path, "utf8"), table));
      else process.stdout.write(table);
    });

/** One line for each service; every other operation answers `NotImplemented`. */
export async function operationsTable(): Promise<string> {
  const services = await Promise.all(Object.values(allServices).map((load) => load()));
  const lines = services
    .map(({ name, operations }) => ({ name, operations: Object.keys(operations).sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, operations }) => `| \`${name}\` | ${operations.length} | ${operations.join(", ")} |`);
  return ["| service | | operations |", "| --- | --- | --- |", ...lines, ""].join("\n");
}

/** The document with this table between its markers. @throws Error where a marker is missing */
export function replaceTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${documentPath} needs the lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n${document.slice(end)}`;
}
