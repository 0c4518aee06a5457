import { explainFailure, toMessage } from "./explain-failure.ts";
import { printFailure } from "./print.ts";

/**
 * Ends the command with one message, and exit code 1 unless the error has one of its own.
 * @param debug prints the stack trace, and those of the causes, below it
 */
export function reportFailure(error: unknown, debug = false): void {
  printFailure(toText(error));
  if (debug) printFailure(`stack trace\n${stackOf(error)}`);
  process.exitCode = error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1;
}

function toText(error: unknown): string {
  const explained = explainFailure(error);
  if (explained) return toMessage(explained);
  if (!(error instanceof Error)) return String(error);
  // AWS's messages often need the name to be understood.
  if ("$fault" in error) return `${error.name}: ${error.message}`;
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return isExpected(error)
    ? text
    : `${error.name}: ${text}\nThis is a fault of Amint: \`--debug\` prints the stack trace.`;
}

/** Errors of ours have a name of their own, and Node's have a code. A value that no schema takes is a bug of ours. */
const isExpected = (error: Error): boolean =>
  "code" in error || (Object.hasOwn(error, "name") && error.name !== "ZodError");

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
