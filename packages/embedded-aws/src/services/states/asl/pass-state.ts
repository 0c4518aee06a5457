import type { PassState } from "./definition.ts";
import { finish } from "./finish.ts";
import type { Outcome, Visit } from "./visit.ts";

export const runPass = (visit: Visit<PassState>): Outcome => finish(visit, visit.state, visit.input);
