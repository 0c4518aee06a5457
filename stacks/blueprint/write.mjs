// `npm run blueprint`, in the checkout: writes what `amint blueprint` does, before it the partitions of the ledger that functions
// write, which it needs, and after it the table of SECURITY.md. `--check` fails where one of them is not what the program says.
import { parseArgs } from "node:util";
import { checkLedgerWrites, writeLedgerWrites } from "../bundle/ledger-writes.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { checkConfig } from "./check-config.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import { findProject } from "./project.ts";
import { checkSecurityTable, writeSecurityTable } from "./security-table.ts";
import { writeBlueprint } from "./write-blueprint.ts";

// One line, and the children end with this process. Files are written at once, so that none is left half-written.
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
