import { toRefusal } from "../../adapters/share/consumer.ts";
import { explainRefusal, type Missing, type Trial } from "../../core/share/explain-refusal.ts";

/**
 * Tries something in a consumer's account.
 * @param hidesImages asked where an AMI is not there: whether the account hides it from itself
 * @returns what was missing, where AWS refused
 * @throws what is no answer: AWS's failures, and its asking for patience
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

/** AWS counts each account's calls by themselves; this bounds the function's own connections. */
const AT_ONCE = 10;

/** One after the other, some at once; results in the same order. */
export async function inTurns<One, Result>(all: readonly One[], act: (one: One) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = 0; next < all.length; next += AT_ONCE) {
    results.push(...(await Promise.all(all.slice(next, next + AT_ONCE).map(act))));
  }
  return results;
}
