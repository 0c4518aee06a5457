/** What is known of a build that somebody wants promoted again. */
export interface PromotableFacts {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly verdict: "passed" | "rejected" | undefined;
  /** Who revoked it. */
  readonly revokedBy: string | undefined;
  /** Its AMIs are being removed, or were. */
  readonly gone: { readonly at: string; readonly why: string } | undefined;
  /** Its last promotion was taken back; undefined where it did not fail. */
  readonly failed: { readonly at: string; readonly left: readonly string[] } | undefined;
  readonly undone: boolean;
  /** The channels that point at it. */
  readonly channels: readonly string[];
}

/** Calls of the promotion that failed may be on their way still: none of them takes longer (the functions' timeouts). */
const QUIET_MS = 3 * 60_000;

/**
 * Why a build's promotion is not begun anew; undefined: it is. Only what failed and was taken back in full is: all else
 * is under way, has ended as people decided, or has to be built anew.
 */
export function whyNotPromoted(facts: PromotableFacts, now: Date): string | undefined {
  const { status, verdict, revokedBy, gone, failed, undone, channels } = facts;
  if (status === "building") return "it is being built; it is promoted by itself when it has passed its gate";
  if (status !== "available")
    return `its build ${status === "failed" ? "failed" : "was cancelled"}; ask for another one`;
  if (revokedBy) return `${revokedBy} revoked it; \`amint restore\` takes that back`;
  if (gone) return `its AMIs are being removed since ${gone.at} (${gone.why}); ask for another build`;
  if (verdict === "rejected")
    return "its gate rejected it; waive the findings or mend the image, and ask for another build";
  if (!failed || !undone) {
    const where = channels.length > 0 ? `${channels.join(", ")} points at it` : "it is under way, or it was superseded";
    return `its promotion did not fail: ${where}`;
  }
  if (failed.left.length > 0) {
    return `its failed promotion is not taken back in full (${failed.left.join("; ")}); reconcile tries that each hour`;
  }
  if (now.getTime() - Date.parse(failed.at) < QUIET_MS) {
    return "its promotion failed a moment ago, and calls of it may be on their way; ask again in three minutes";
  }
  return undefined;
}
