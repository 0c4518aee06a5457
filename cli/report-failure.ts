/** Ends the command: one message for a person; the stack only where the failure is a bug of ours. */
export function reportFailure(error: unknown): void {
  const expected = error instanceof Error && "code" in error;
  process.stderr.write(`amint: ${error instanceof Error ? (expected ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = 1;
}
