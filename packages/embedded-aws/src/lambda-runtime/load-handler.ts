import { types } from "node:util";
import type { InvocationMessage, RuntimeError } from "./protocol.ts";

type Callback = (error: unknown, result?: unknown) => void;

export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;

/** The last runtime that supports `(event, context, callback)`: Lambda's Node.js 24 runtime removed it. */
const LAST_WITH_CALLBACKS = 22;

/**
 * Imports a bundle and finds the exported handler.
 * @param handler `<file>.<export>`
 * @throws RuntimeFailure Runtime.ImportModuleError, Runtime.HandlerNotFound, Runtime.CallbackHandlerDeprecated; and
 * errors of the function's own module
 */
export async function loadHandler(bundle: string, handler: string, runtime: string): Promise<Handler> {
  return findHandler(await importBundle(bundle), handler, runtime);
}

/** The exported handler of a module that is loaded already. */
export function findHandler(module: Record<string, unknown>, handler: string, runtime: string): Handler {
  const name = exportName(handler);
  const found = name
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], module);
  if (typeof found !== "function") {
    throw new RuntimeFailure("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (found.length >= 3 && nodeVersion(runtime) > LAST_WITH_CALLBACKS) {
    throw new RuntimeFailure(
      "Runtime.CallbackHandlerDeprecated",
      "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
    );
  }
  return found as Handler;
}

async function importBundle(bundle: string): Promise<Record<string, unknown>> {
  try {
    const module = await import(bundle);
    // The exports of a CommonJS module, whether or not Node detected their names.
    return module["module.exports"] ?? module;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && /MODULE_NOT_FOUND$/.test(String(error.code));
    if (missing) throw new RuntimeFailure("Runtime.ImportModuleError", String(error));
    throw error;
  }
}

const exportName = (handler: string): string => {
  const file = handler.slice(handler.lastIndexOf("/") + 1);
  return file.slice(file.indexOf(".") + 1);
};

const nodeVersion = (runtime: string): number => Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? Number.POSITIVE_INFINITY);

/** Runs a handler of either form to its end, and answers its result as JSON. */
export async function runHandler(handler: Handler, event: unknown, context: object): Promise<string> {
  const result = handler.length < 3 ? await handler(event, context) : await withCallback(handler, event, context);
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new RuntimeFailure("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

/** A handler with a callback may call it or return a promise; the first result counts. */
const withCallback = (handler: Handler, event: unknown, context: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (answer instanceof Promise) answer.then(resolve, reject);
  });

/** The second argument of every handler: the AWS Lambda developer guide, "Lambda context object in Node.js". */
export function invocationContext(invocation: InvocationMessage, env: NodeJS.ProcessEnv = process.env): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: invocation.invokedFunctionArn,
    awsRequestId: invocation.requestId,
    clientContext: invocation.clientContext === undefined ? undefined : JSON.parse(invocation.clientContext),
    identity: undefined,
    getRemainingTimeInMillis: () => invocation.deadline - Date.now(),
  };
}

/** The error that Lambda's Node.js runtime reports for a thrown value: aws-lambda-nodejs-runtime-interface-client. */
export function toRuntimeError(thrown: unknown): RuntimeError {
  if (!isError(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split("\n") ?? [] };
}

// Neither test alone detects errors of another realm and DOMException.
const isError = (thrown: unknown): thrown is Error => thrown instanceof Error || types.isNativeError(thrown);

/** A failure that the runtime itself detects, with Lambda's name: `Runtime.HandlerNotFound`. */
export class RuntimeFailure extends Error {
  constructor(name: `Runtime.${string}`, message: string) {
    super(message);
    this.name = name;
  }
}
