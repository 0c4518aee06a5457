/** The facts about a build whose promotion should be retried. */
export interface PromotableFacts {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly verdict: "passed" | "rejected" | undefined;
  /** Who revoked it, if it is revoked. */
  readonly revokedBy: string | undefined;
  /** Set if its AMIs are being removed, or were removed. */
  readonly gone: { readonly at: string; readonly why: string } | undefined;
  /** Its last failed promotion, and what is left to undo; undefined if it did not fail. */
  readonly failed: { readonly at: string; readonly left: readonly string[] } | undefined;
  readonly undone: boolean;
  /** The channels that point at it. */
  readonly channels: readonly string[];
}

/** Calls of the failed promotion may still be running; none takes longer than this (the functions' timeouts). */
const QUIET_MS = 3 * 60_000;

/** Why no promotion can bring a build to its channels; undefined if one can, or will once it is built. */
export function whyNever({ status, verdict, revokedBy, gone }: PromotableFacts): string | undefined {
  if (status === "failed" || status === "cancelled")
    return `its build ${status === "failed" ? "failed" : "was cancelled"}; start another one`;
  if (revokedBy) return `${revokedBy} revoked it; \`amint restore\` undoes that`;
  if (gone) return `its AMIs are being removed since ${gone.at} (${gone.why}); start another build`;
  if (verdict === "rejected")
    return "the gate rejected it; waive the findings or fix the image, and start another build";
  return undefined;
}

/**
 * Why a build's promotion cannot be retried; undefined if it can. Only a promotion that failed and was undone completely can
 * be: all others are in progress, ended by decision, or need a new build.
 */
export function whyNotPromoted(facts: PromotableFacts, now: Date): string | undefined {
  const { status, failed, undone, channels } = facts;
  if (status === "building") return "it is being built; it will be promoted after it passes the gate";
  const never = whyNever(facts);
  if (never) return never;
  if (!failed || !undone) {
    const where =
      channels.length > 0 ? `${channels.join(", ")} points at it` : "it is in progress, or it was superseded";
    return `its promotion did not fail: ${where}`;
  }
  if (failed.left.length > 0) {
    return `its failed promotion is not undone completely (${failed.left.join("; ")}); reconcile retries every hour`;
  }
  if (now.getTime() - Date.parse(failed.at) < QUIET_MS) {
    return "its promotion failed a moment ago, and some of its calls may still be running; try again in three minutes";
  }
  return undefined;
}
