// `npm run blueprint` writes stacks/blueprint.json, and before it the partitions of the ledger that functions write, which
// it needs, and the table of SECURITY.md; `--check` fails where one of them is not what the program says now.
import { parseArgs } from "node:util";
import { checkLedgerWrites, writeLedgerWrites } from "../bundle/ledger-writes.ts";
import { checkBlueprint } from "./check-blueprint.ts";
import { evaluateProgram } from "./evaluate-program.ts";
import { checkSecurityTable, writeSecurityTable } from "./security-table.ts";
import { writeBlueprint } from "./write-blueprint.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
try {
  await (values.check ? checkLedgerWrites() : writeLedgerWrites());
  const text = await evaluateProgram();
  if (values.check) {
    checkBlueprint(text);
    checkSecurityTable(JSON.parse(text));
  } else {
    writeBlueprint(text);
    writeSecurityTable(JSON.parse(text));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
