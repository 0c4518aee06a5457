import type { RuntimeError } from "../../lambda-runtime/runtime-error.ts";
import type { Outcome } from "./function-runner.ts";

/** Lambda itself reports this and the next two, where the runtime could not: messages as invocations show them. */
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

/** In AWS such a function would not have been deployed; the nearest that it knows is a module that does not load. */
export const notBuilt = (cause: unknown): Outcome => ({
  failed: true,
  payload: JSON.stringify({ errorType: "Runtime.ImportModuleError", errorMessage: String(cause), trace: [] }),
});
