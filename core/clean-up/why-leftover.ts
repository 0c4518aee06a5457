/** What the ledger and Step Functions say of a build, as far as somebody may want it still. */
export interface BuildFacts {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly verdict: "passed" | "rejected" | undefined;
  /** Its promotion failed, and was taken back. */
  readonly undone: boolean;
  /** Its promotion runs: it is copied, soaks, or waits for people. */
  readonly promoting: boolean;
  /** A channel points at it, or did once: that is not a leftover, but somebody's image. */
  readonly promoted: boolean;
  /** The ledger says that it is shared with somebody. */
  readonly shared: boolean;
  /** Who revoked it may restore it. */
  readonly revoked: boolean;
  /** The image is being built by it. */
  readonly claimed: boolean;
  /** When it ended, when its gate decided, when its promotion was undone, ...; ISO 8601. */
  readonly moments: readonly string[];
}

/** A build that nobody will use. */
export interface Leftover {
  readonly why: string;
  /** The last thing that happened to it. */
  readonly since: string;
}

/** Why nobody will use a build; undefined where somebody may, and where it is not known. */
export function whyLeftover(facts: BuildFacts): Leftover | undefined {
  const { claimed, promoting, promoted, shared, revoked } = facts;
  if (claimed || promoting || promoted || shared || revoked) return undefined;
  const why = sayWhy(facts);
  const since = facts.moments.toSorted().at(-1);
  return why && since ? { why, since } : undefined;
}

function sayWhy({ status, verdict, undone }: BuildFacts): string | undefined {
  switch (status) {
    case "building":
      return undefined;
    case "failed":
      return "its build failed";
    case "cancelled":
      return "its build was cancelled";
    case "available":
      if (verdict === "rejected") return "its gate rejected it";
      if (undone) return "its promotion failed";
      // Superseded, or not approved. Where no gate decided, nobody knows.
      return verdict === "passed" ? "it entered no channel" : undefined;
  }
}
