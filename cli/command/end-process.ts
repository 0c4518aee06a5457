import { printFailure } from "./print.ts";
import { reportFailure } from "./report-failure.ts";

/** As shells report a program that a signal ended: 128 and the signal's number. */
const INTERRUPTED = 130;
const CLOSED = 141;

/**
 * Ends this process in one line where nothing else would: on Ctrl-C, when what reads the output has closed it, and on a
 * failure that no command caught. Children end with it, because they listen to `exit`.
 * @param isDebugging whether a failure's stack trace is wanted
 */
export function endInOneLine(isDebugging: () => boolean): void {
  process.on("SIGINT", () => {
    // Commands that end by Ctrl-C, or go on after it, listen themselves.
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
