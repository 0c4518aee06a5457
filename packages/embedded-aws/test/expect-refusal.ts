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

/** What a call is refused with. */
export const refusalOf = <Refusal = Error & { readonly code: string }>(call: Promise<unknown>): Promise<Refusal> =>
  call.then(
    () => expect.fail("expected a refusal, but the call succeeded"),
    (refusal: Refusal) => refusal,
  );

/** AWS's code for a call's refusal; undefined if it succeeds. */
export const codeOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => undefined,
    (refusal: Error & { code?: string }) => refusal.code ?? refusal.name,
  );
