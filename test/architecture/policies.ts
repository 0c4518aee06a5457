import type { BlueprintResource } from "../../core/factory/blueprint.ts";
import { at } from "../world/read-blueprint.ts";

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: string | Record<string, string | string[]>;
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

export const list = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Value[]) : [value as Value];

/** What a role's own policies allow. */
export const grantsOf = (role: BlueprintResource): Statement[] =>
  (at<{ policy: { Statement: Statement[] } }[]>(role, "inlinePolicies") ?? [])
    .flatMap(({ policy }) => policy.Statement)
    .filter(({ Effect }) => Effect === "Allow");

/** A resource policy's statements. */
export const resourceStatementsOf = (resource: BlueprintResource): readonly Statement[] =>
  at<Statement[]>(resource, "policy", "Statement") ?? [];
