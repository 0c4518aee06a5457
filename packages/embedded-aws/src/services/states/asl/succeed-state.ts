import type { SucceedState } from "./definition.ts";
import { finish } from "./finish.ts";
import type { Outcome, Visit } from "./visit.ts";

/** Ends its branch; it has neither Next nor End. */
export const runSucceed = (visit: Visit<SucceedState>): Outcome => finish(visit, visit.state, visit.input);
