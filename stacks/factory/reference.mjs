// `npm run reference`, in the checkout: writes docs/configuration.md. `--check` fails if the page is out of date.
import { parseArgs } from "node:util";
import { checkReference, writeReference } from "./reference.ts";

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  process.stdout.write(`${values.check ? checkReference() : writeReference()}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
