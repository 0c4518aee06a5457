/** Third-party clients, and the calls that are made through each. */
export { builtOperations, type OperationInUse, servicesByPackage } from "./clients/operations-in-use.ts";
export { FACTORY_CALLS } from "./factory-calls.ts";
export { credentials, TRANSPORTS } from "./transports.ts";
