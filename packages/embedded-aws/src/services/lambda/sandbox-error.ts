import type { RuntimeError } from "../../lambda-runtime/protocol.ts";

/** What Lambda itself reports where the runtime could not: messages as invocations show them. */

export const timedOut = (requestId: string, timeoutSeconds: number): RuntimeError => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
});

export const exited = (requestId: string, code: number): RuntimeError => ({
  errorType: "Runtime.ExitError",
  errorMessage:
    code === 0
      ? `RequestId: ${requestId} Error: Runtime exited without providing a reason`
      : `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`,
});

export const outOfMemory = (requestId: string): RuntimeError => ({
  errorType: "Runtime.ExitError",
  errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
});
