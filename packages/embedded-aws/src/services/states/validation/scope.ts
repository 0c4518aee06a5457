import type { JsonObject } from "../asl/json.ts";

/** Where a state stands. */
export interface Scope {
  /** The machine's query language: what states have that name none. */
  readonly language: string;
  readonly express: boolean;
}

export const speaksJsonata = (state: JsonObject, scope: Scope): boolean =>
  (state.QueryLanguage ?? scope.language) === "JSONata";
