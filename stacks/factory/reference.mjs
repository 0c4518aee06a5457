// `npm run reference`, in the checkout: writes docs/configuration.md and the tables of docs/cost.md and
// docs/operating-systems.md. `--check` fails if one is out of date.
import { parseArgs } from "node:util";
import { systemsPage } from "../component/systems-page.ts";
import { billPage } from "../cost/bill-page.ts";
import { checkPage, writePage } from "./marked-page.ts";
import { checkReference, writeReference } from "./reference.ts";

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const pages = [billPage, systemsPage];
  const written = values.check
    ? [checkReference(), ...pages.map(checkPage)]
    : [writeReference(), ...pages.map(writePage)];
  process.stdout.write(`${written.join("\n")}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
