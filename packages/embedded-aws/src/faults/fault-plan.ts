/** What goes wrong, and how often. Rates are from 0 (never, also when left out) to 1 (always). */
export interface FaultPlan {
  /** The same seed in the same run: the same faults. */
  readonly seed: number;
  /** Requests of functions, state machines and schedules: refused in the service's own words for too many of them. */
  readonly throttled?: number;
  /** Such requests refused with a 5xx, and not carried out. */
  readonly failedBefore?: number;
  /** Such requests carried out, and answered with a 5xx all the same. */
  readonly failedAfter?: number;
  /** Answers that functions in this thread hear late, by up to `upToMs`. */
  readonly slow?: FaultWithWait;
  /** Events that reach a target a second time, up to `upToMs` after the first. */
  readonly duplicated?: FaultWithWait;
  /** Events that reach a target up to `upToMs` late. */
  readonly delayed?: FaultWithWait;
  /** Events that later ones overtake: late by seconds. */
  readonly reordered?: number;
  /** Events that never reach a target. */
  readonly lost?: number;
  /** Invocations, in this thread, whose execution environment ends after some of their requests. */
  readonly killed?: number;
  /** Image usage reports that end in `error`. */
  readonly reportsFailed?: number;
  /** Image usage reports that stay `pending` until EC2 deletes them. */
  readonly reportsStuck?: number;
  /** Snapshots that DeregisterImage was to delete and could not: `internal-error`. */
  readonly snapshotsLeft?: number;
  /** Regions that answer nothing but 503 for a span, in milliseconds since the epoch. */
  readonly down?: readonly { readonly region: string; readonly from: number; readonly until: number }[];
}

export interface FaultWithWait {
  readonly rate: number;
  readonly upToMs: number;
}
