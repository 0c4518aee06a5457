import { RuntimeFailure } from "./runtime-error.ts";

type Callback = (error: unknown, result?: unknown) => void;
export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;

/** The last runtime that takes `(event, context, callback)`: Lambda's Node.js 24 runtime dropped it. */
const LAST_WITH_CALLBACKS = 22;

/**
 * Imports a bundle and finds the exported handler.
 * @param handler `<file>.<export>`
 * @throws RuntimeFailure Runtime.ImportModuleError, Runtime.HandlerNotFound, Runtime.CallbackHandlerDeprecated; and
 * whatever the function's own module throws
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
    return await import(bundle);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (missing) throw new RuntimeFailure("Runtime.ImportModuleError", String(error));
    throw error;
  }
}

const exportName = (handler: string): string => {
  const file = handler.slice(handler.lastIndexOf("/") + 1);
  return file.slice(file.indexOf(".") + 1);
};

const nodeVersion = (runtime: string): number => Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? Number.POSITIVE_INFINITY);
