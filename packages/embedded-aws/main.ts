import { operationsCommand } from "./src/command/operations.ts";
import { startCommand } from "./src/command/start.ts";

try {
  await startCommand("embedded-aws").addCommand(operationsCommand()).parseAsync();
} catch (error) {
  process.stderr.write(`embedded-aws: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
