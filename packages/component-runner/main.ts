import { Command, CommanderError } from "commander";
import { documentSchema } from "./documents.ts";
import { checkCommand } from "./src/command/check.ts";
import { printFailure, printJson } from "./src/command/print.ts";
import { runCommand, testCommand } from "./src/command/run.ts";

/** EX_USAGE of sysexits.h: an unknown command or option, a missing argument, an invalid value. */
const USAGE = 64;

const schemaCommand = new Command("schema")
  .description("print the JSON schema of component documents, for editors of YAML")
  .action(() => printJson(documentSchema(), 2));

const commands = [checkCommand(), runCommand(), testCommand(), schemaCommand];
const program = new Command("component-runner").description(
  "Checks component documents of EC2 Image Builder (AWSTOE), and runs them on this machine.",
);
for (const command of [program, ...commands]) command.exitOverride();
for (const command of commands) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    printFailure(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1;
  }
}
