// `npm run reference`, in the checkout: writes docs/configuration.md and the tables of docs/cost.md. `--check` fails if one is
// out of date.
import { parseArgs } from "node:util";
import { checkBill, writeBill } from "../cost/bill-page.ts";
import { checkReference, writeReference } from "./reference.ts";

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const written = values.check ? [checkReference(), checkBill()] : [writeReference(), writeBill()];
  process.stdout.write(`${written.join("\n")}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
