import type { BuildOutcome } from "../../core/decide-progress.ts";

/**
 * How `amint build` can end: with what became of the build, or, `refused`: the request starts none, ever; `timeout`,
 * `interrupted`: nobody waits any longer, and the build goes on. Without `--wait`: `started`, `waits` or `refused`.
 */
export type Outcome = BuildOutcome | "refused" | "timeout" | "interrupted" | "started" | "waits";

/** The exit code of each; 1 where the factory could not be asked. 124 is that of timeout(1), 130 that of a Ctrl-C. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  succeeded: 0,
  started: 0,
  waits: 0,
  failed: 2,
  rejected: 3,
  "promotion-failed": 4,
  superseded: 5,
  cancelled: 6,
  refused: 7,
  timeout: 124,
  interrupted: 130,
};
