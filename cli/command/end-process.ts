import { explainFailure, toMessage } from "./explain-failure.ts";
import { printFailure } from "./print.ts";

/** The exit codes that shells use for a program ended by a signal: 128 plus the signal's number. */
const INTERRUPTED = 130;
const CLOSED = 141;

/**
 * Ends this process with at most one line on Ctrl-C, when the reader of its output closes the pipe, and on an uncaught
 * error. Child processes end with it, because their callers listen to `exit`.
 * @param isDebugging whether to print an error's stack trace
 */
export function endInOneLine(isDebugging: () => boolean): void {
  process.on("SIGINT", () => {
    // Commands that handle Ctrl-C themselves have their own listener.
    if (process.listenerCount("SIGINT") > 1) return;
    printFailure("Interrupted.");
    process.exit(INTERRUPTED);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(CLOSED);
      throw error;
    });
  }
  process.on("uncaughtException", (error) => {
    reportFailure(error, isDebugging());
    process.exit(1);
  });
}

/**
 * Prints one message, and sets the exit code: the error's, or 1.
 * @param debug also prints the stack traces of the error and its causes
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
  // AWS's messages are often unclear without the error's name.
  if ("$fault" in error) return `${error.name}: ${error.message}`;
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  return isExpected(error)
    ? text
    : `${error.name}: ${text}\nThis is a bug in Amint: \`--debug\` prints the stack trace.`;
}

/** Amint's errors have their own names, and Node's have a code. An uncaught ZodError is a bug in Amint. */
const isExpected = (error: Error): boolean =>
  "code" in error || (Object.hasOwn(error, "name") && error.name !== "ZodError");

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
