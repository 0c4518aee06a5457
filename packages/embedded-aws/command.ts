/** Parts of the command line, for programs that include them. */
export { openDeployDoor, readDeployToken } from "./src/command/deploy-token.ts";
export { operationsCommand } from "./src/command/operations.ts";
export { portOption } from "./src/command/port.ts";
export { startCommand } from "./src/command/start.ts";
