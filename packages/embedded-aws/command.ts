/** Parts of the command line, for programs that include them. */
export { openDeployDoor, readDeployToken } from "./src/command/deploy-token.ts";
export { operationsCommand } from "./src/command/operations.ts";
export { portOption, startCommand } from "./src/command/start.ts";
