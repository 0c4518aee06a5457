import { operationsCommand } from "./src/command/operations.ts";
import { startCommand } from "./src/command/start.ts";

await startCommand("embedded-aws").addCommand(operationsCommand()).parseAsync();
