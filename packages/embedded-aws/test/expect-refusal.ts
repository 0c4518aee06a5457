import { expect } from "vitest";
import { allServices } from "../src/services/all.ts";
import { toRefusal } from "../src/wire/refusal.ts";
import { serviceModel } from "../src/wire/service-model.ts";

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

/** The HTTP status with which a service answers an error. */
export async function refusedStatus(service: string, error: unknown): Promise<number> {
  const model = await allServices[service]?.().then(serviceModel);
  return toRefusal(error, model, model?.protocol ?? "awsJson1_1").status;
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
