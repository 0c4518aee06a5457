import type { LifecycleRule } from "./parse-lifecycle-policy.ts";

/** A repository's lifecycle policy, and its preview if there is one. */
export interface LifecyclePolicy {
  /** As it was put. */
  readonly text: string;
  readonly rules: readonly LifecycleRule[];
  /** Milliseconds since the epoch; undefined until its first evaluation. */
  evaluatedAt: number | undefined;
  /** Ends its evaluations. */
  stop(): void;
}
