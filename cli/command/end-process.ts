import { printFailure } from "./print.ts";
import { reportFailure } from "./report-failure.ts";

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
