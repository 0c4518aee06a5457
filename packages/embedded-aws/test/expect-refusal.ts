import { expect } from "vitest";

/**
 * Expects that a call is refused.
 * @param code AWS's code; SDK clients have it as the error's name
 * @param message the whole message, or a matcher of it; omitted: any
 */
export async function expectRefusal(call: Promise<unknown>, code: string, message?: unknown): Promise<void> {
  const refusal = await call.then(
    () => undefined,
    (error: Error & { code?: string }) => ({ code: error.code ?? error.name, message: error.message }),
  );
  expect(refusal).toEqual({ code, message: message ?? expect.any(String) });
}

export const containing = (part: string): unknown => expect.stringContaining(part);
