/** Parts of the command line, for programs with commands of their own. */
export { toParameter, withDocumentOptions, withRunOptions } from "./src/command/run-options.ts";
