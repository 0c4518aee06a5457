/** Ends the command: one message for a person; the stack only where the failure is a bug of ours. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`amint: ${toText(error)}\n`);
  process.exitCode = 1;
}

function toText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // AWS's refusals and lacking credentials are not ours; their messages often need the name to be understood.
  if ("$fault" in error || error.name === "CredentialsProviderError") return `${error.name}: ${error.message}`;
  if (!isExpected(error)) return error.stack ?? error.message;
  return error.message || ("code" in error ? String(error.code) : error.name);
}

/** Errors of ours have a name of their own, and Node's have a code. A value that no schema takes is a bug of ours. */
const isExpected = (error: Error): boolean =>
  "code" in error || (Object.hasOwn(error, "name") && error.name !== "ZodError");
