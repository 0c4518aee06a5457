/** Ends the command: one message for a person; the stack only where the failure is a bug of ours. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`amint: ${toText(error)}\n`);
  process.exitCode = 1;
}

function toText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // AWS's refusals and lacking credentials are not ours; their messages often need the name to be understood.
  if ("$fault" in error || error.name === "CredentialsProviderError") return `${error.name}: ${error.message}`;
  return "code" in error ? error.message || String(error.code) : (error.stack ?? error.message);
}
