import type { Handler } from "./load-handler.ts";
import { RuntimeFailure } from "./runtime-error.ts";

/** Runs a handler of either form to its end, and answers its result as JSON. */
export async function runHandler(handler: Handler, event: unknown, context: object): Promise<string> {
  const result = handler.length < 3 ? await handler(event, context) : await withCallback(handler, event, context);
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new RuntimeFailure("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

/** A handler with a callback may call it, or answer a promise; whichever comes first counts. */
const withCallback = (handler: Handler, event: unknown, context: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (answer instanceof Promise) answer.then(resolve, reject);
  });
