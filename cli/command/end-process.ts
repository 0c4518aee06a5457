import { explainFailure, toMessage } from "./explain-failure.ts";
import { placeOf } from "./load-factory.ts";
import { type Failure, printFailure, printFailureJson } from "./print.ts";

/** The exit codes that shells use for a program ended by a signal: 128 plus the signal's number. */
const INTERRUPTED = 130;
const CLOSED = 141;

/** How a failure is printed. */
export interface Shown {
  /** With stack traces. */
  readonly debug: boolean;
  readonly json: boolean;
}

/** Read from the arguments themselves, because commander can fail before it has read them. */
export const shownBy = (argv: readonly string[]): Shown => ({
  debug: argv.includes("--debug") || process.env.AMINT_DEBUG !== undefined,
  json: argv.includes("--json"),
});

/**
 * Ends this process with at most one line on Ctrl-C, when the reader of its output closes the pipe, and on an uncaught
 * error. Child processes end with it, because their callers listen to `exit`.
 */
export function endInOneLine(shown: Shown): void {
  process.on("SIGINT", () => {
    // Commands that handle Ctrl-C themselves have their own listener.
    if (process.listenerCount("SIGINT") > 1) return;
    showFailure({ name: "Interrupted", message: "Interrupted.", exitCode: INTERRUPTED }, shown);
    process.exit(INTERRUPTED);
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(CLOSED);
      throw error;
    });
  }
  process.on("uncaughtException", (error) => {
    reportFailure(error, shown);
    process.exit();
  });
}

/** Prints one message, and sets the exit code: the error's, or 1. */
export function reportFailure(error: unknown, shown: Shown): void {
  const name = error instanceof Error ? nameOf(error) : "Error";
  showFailure({ name, message: toText(error), exitCode: exitCodeOf(error), stack: stackOf(error) }, shown);
}

/** The code of Node's errors, whose names say little. */
const nameOf = (error: Error): string =>
  error.name === "Error" && "code" in error && typeof error.code === "string" ? error.code : error.name;

/** The error's own, or 1. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1;

/** Prints a failure, and sets its exit code. */
export function showFailure({ stack, ...failure }: Failure, { debug, json }: Shown): void {
  if (json) printFailureJson({ ...failure, ...(debug && stack !== undefined && { stack }) });
  else printFailure(failure.message);
  if (debug && !json && stack !== undefined) printFailure(`stack trace\n${stack}`);
  process.exitCode = failure.exitCode;
}

/** What a person reads. */
export function toText(error: unknown): string {
  const explained = explainFailure(error);
  if (explained) return toMessage(explained);
  if (!(error instanceof Error)) return String(error);
  // AWS's messages are often unclear without the error's name.
  if ("$fault" in error) return `${error.name}: ${error.message}`;
  const text = error.message || ("code" in error ? String(error.code) : error.name);
  if (isExpected(error)) return text;
  // Such as a rejected promise that the config does not await.
  const { at, isOurs } = placeOf(error);
  return at === undefined || isOurs
    ? `${error.name}: ${text}\nThis is a bug in Amint: \`--debug\` prints the stack trace.`
    : `${at}: ${text}\nfix: correct it there`;
}

/** Amint's errors have their own names, and Node's have a code. An uncaught ZodError is a bug in Amint. */
const isExpected = (error: Error): boolean =>
  "code" in error || (Object.hasOwn(error, "name") && error.name !== "ZodError");

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
