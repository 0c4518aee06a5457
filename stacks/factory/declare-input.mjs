// Runs at the end of `npm pack`: expands `FactoryInput` in the declarations, with its TSDoc comments.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { declareInput } from "./declare-input.ts";

const ALIAS = /^export type FactoryInput = .*;$/m;

const [, , file] = process.argv;
const declarations = readFileSync(file, "utf8");
if (!ALIAS.test(declarations)) throw new Error(`${file} does not declare FactoryInput as a type alias.`);
const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const input = declareInput(root);
writeFileSync(
  file,
  declarations.replace(ALIAS, () => input),
);
