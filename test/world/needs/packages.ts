import { Command } from "commander";
import { findMissing, type NeedName, needNames } from "./needs.ts";
import { packagesOf } from "./report.ts";

const program = new Command("packages")
  .description("Prints the Debian packages of all needs that this machine lacks, on one line.")
  .option("--except <needs...>", "leave out the packages of these needs", [])
  .parse();
const { except } = program.opts<{ readonly except: readonly string[] }>();
const unknown = except.filter((name) => !needNames.includes(name as NeedName));
if (unknown.length > 0) program.error(`Unknown need: ${unknown.join(", ")}. The needs: ${needNames.join(", ")}.`);

const missing = [...(await findMissing()).keys()].filter((name) => !except.includes(name));
console.log([...new Set(missing.flatMap(packagesOf))].sort().join(" "));
