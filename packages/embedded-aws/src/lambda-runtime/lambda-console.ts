import { format } from "node:util";
import type { RuntimeError } from "./protocol.ts";

/** By rank: lower levels than the function's are not written (JSON only; text has no level). */
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

const METHODS = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const satisfies Record<string, (typeof LEVELS)[number]>;

export const consoleMethods: readonly string[] = Object.keys(METHODS);

interface Surroundings {
  readonly write: (text: string) => void;
  readonly now: () => number;
  /** Undefined outside invocations. */
  readonly requestId: () => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Method = (...parameters: unknown[]) => void;

/**
 * The console's methods as in Lambda's Node.js runtime (developer guide, "Log and monitor Node.js Lambda functions"):
 * with time, request and level before the text, or as JSON. Direct writes to the streams are not changed.
 */
export function lambdaConsole({ write, now, requestId, environment }: Surroundings): Readonly<Record<string, Method>> {
  const isJson = environment.AWS_LAMBDA_LOG_FORMAT === "JSON";
  const least = isJson ? LEVELS.indexOf((environment.AWS_LAMBDA_LOG_LEVEL ?? "INFO") as "INFO") : 0;
  const shown = Object.entries(METHODS).map(([method, level]): [string, Method] => [
    method,
    (...parameters) => {
      if (LEVELS.indexOf(level) < least) return;
      const timestamp = new Date(now()).toISOString();
      const id = requestId();
      write(
        isJson
          ? `${structured({ timestamp, level, requestId: id }, parameters)}\n`
          : `${timestamp}\t${id}\t${level}\t${format(...parameters)}\n`,
      );
    },
  ]);
  return Object.fromEntries(shown);
}

/** The line of an error that ended an invocation (`Invoke Error`) or prevented loading (`Uncaught Exception`). */
export function errorLine(
  what: "Invoke Error" | "Uncaught Exception",
  error: RuntimeError,
  { now, requestId, environment }: Omit<Surroundings, "write">,
): string {
  const timestamp = new Date(now()).toISOString();
  if (environment.AWS_LAMBDA_LOG_FORMAT !== "JSON") {
    return `${timestamp}\t${requestId()}\tERROR\t${what} \t${JSON.stringify(error)}\n`;
  }
  const { trace: stackTrace, ...rest } = error;
  return `${JSON.stringify({ timestamp, level: "ERROR", requestId: requestId(), message: { ...rest, stackTrace } })}\n`;
}

function structured(head: Readonly<Record<string, unknown>>, parameters: readonly unknown[]): string {
  const [only] = parameters;
  const error = parameters.find((one) => one instanceof Error);
  const members = {
    ...head,
    message: parameters.length === 1 && !(only instanceof Error) ? only : format(...parameters),
    ...(error && { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split("\n").slice(1) }),
  };
  try {
    return JSON.stringify(members);
  } catch {
    // Circular: formatted as text.
    return JSON.stringify({ ...members, message: format(...parameters) });
  }
}
