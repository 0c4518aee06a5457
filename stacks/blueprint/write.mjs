// `npm run blueprint`, in the checkout: writes the partitions of the ledger that functions write, which the blueprint needs, then
// blueprint.json and the table in SECURITY.md. With `--check` it writes nothing, and fails if one of them is out of date.
import { parseArgs } from "node:util";
import { checkLedgerWrites, writeLedgerWrites } from "../bundle/ledger-writes.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { checkConfig } from "./check-config.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import { findProject } from "./project.ts";
import { checkSecurityTable, writeSecurityTable } from "./security-table.ts";
import { writeBlueprint } from "./write-blueprint.ts";

// Ctrl-C prints one line, and child processes end with this one. Each file is written in one call, never partially.
process.once("SIGINT", () => {
  process.stderr.write("Interrupted.\n");
  process.exit(130);
});

try {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const project = findProject();
  await checkConfig(project.config);
  await (values.check ? checkLedgerWrites() : writeLedgerWrites());
  const text = await evaluateProgram(project);
  process.stdout.write(`${(values.check ? checkBlueprint : writeBlueprint)(text, project)}\n`);
  (values.check ? checkSecurityTable : writeSecurityTable)(JSON.parse(text));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
