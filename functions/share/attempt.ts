import { toRefusal } from "../../adapters/share/consumer.ts";
import { explainRefusal, type Missing, type Trial } from "../../core/share/explain-refusal.ts";

/**
 * Runs a call in a consumer account.
 * @param hidesImages called if the AMI is not found: whether the account's Allowed AMIs setting hides it
 * @returns what is missing, where AWS denied the call
 * @throws all other errors: AWS failures and throttling
 */
export async function attempt<Result>(
  trial: Trial,
  run: () => Promise<Result>,
  hidesImages: () => Promise<boolean | undefined> = async () => undefined,
): Promise<{ readonly result: Result } | { readonly missing: Missing }> {
  try {
    return { result: await run() };
  } catch (error) {
    const refusal = toRefusal(error);
    if (!refusal) throw error;
    const hidden = refusal.code === "InvalidAMIID.NotFound" ? await hidesImages() : undefined;
    return { missing: explainRefusal(refusal, { ...trial, ...(hidden !== undefined && { hidesImages: hidden }) }) };
  }
}

/** AWS throttles each account separately; this limits the function's own connections. */
const AT_ONCE = 10;

/** Runs in batches; results in the same order. */
export async function inBatches<One, Result>(
  all: readonly One[],
  act: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = 0; next < all.length; next += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(next, next + AT_ONCE).map(act))));
  }
  return results;
}
