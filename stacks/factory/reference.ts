import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { formsOf } from "../../core/factory/settings.ts";
import { readDocs } from "./read-docs.ts";
import { toMarkdown } from "./to-markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const PAGE = "docs/configuration.md";

/** The text of docs/configuration.md, from the schema and its TSDoc comments. */
export function reference(): string {
  const forms = formsOf(factorySchema);
  const [factory] = forms;
  if (!factory) throw new Error("factorySchema is not an object.");
  return toMarkdown(factory, readDocs(root, forms));
}

/** @returns a sentence for the terminal */
export function writeReference(): string {
  writeFileSync(`${root}/${PAGE}`, reference());
  return `${PAGE} written.`;
}

/** @throws if the checked-in page differs */
export function checkReference(): string {
  const now = existsSync(`${root}/${PAGE}`) ? readFileSync(`${root}/${PAGE}`, "utf8") : "";
  if (now === reference()) return `${PAGE} is up to date.`;
  throw new Error(`${PAGE} is out of date; run "npm run reference".`);
}
