/** Pieces of the command line, for a program that has them beside its own. */
export { openDeployDoor, readDeployToken } from "./src/command/deploy-token.ts";
export { operationsCommand } from "./src/command/operations.ts";
export { portOption } from "./src/command/port.ts";
export { startCommand } from "./src/command/start.ts";
