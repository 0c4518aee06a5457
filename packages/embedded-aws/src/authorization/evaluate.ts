import type { Principal } from "../engine/principal.ts";
import { conditionsHold } from "./conditions.ts";
import { type Context, matchesAction, matchesArn, substituteVariables } from "./match-pattern.ts";
import type { PrincipalSelection, Selection, Statement } from "./policy-document.ts";

/** One action on one resource, with all values that conditions may use. */
export interface Request {
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly context: Context;
}

export interface Evaluation {
  readonly denied: readonly Statement[];
  readonly allowed: readonly Statement[];
}

/** The statements of identity policies (which name no principal) that match a request. */
export const evaluateIdentity = (statements: readonly Statement[], request: Request): Evaluation =>
  evaluation(statements.filter((statement) => applies(statement, request)));

/** The statements of a resource's policy that match a request of this principal. */
export const evaluateResource = (
  statements: readonly Statement[],
  request: Request,
  principal: Principal,
): Evaluation =>
  evaluation(
    statements.filter(
      ({ principals, ...rest }) =>
        principals !== undefined &&
        (howNamed(principals, principal) !== undefined) !== principals.negated &&
        applies({ principals, ...rest }, request),
    ),
  );

const evaluation = (speaking: readonly Statement[]): Evaluation => ({
  denied: speaking.filter(({ effect }) => effect === "Deny"),
  allowed: speaking.filter(({ effect }) => effect === "Allow"),
});

function applies({ actions, resources, conditions }: Statement, { action, resource, context }: Request): boolean {
  return (
    selectsAction(actions, action) &&
    // A trust policy has no resources: it applies to its role.
    (!resources || selects(resources, (pattern) => matchesResource(pattern, resource, context))) &&
    conditionsHold(conditions, context)
  );
}

const selects = ({ patterns, negated }: Selection, matches: (pattern: string) => boolean): boolean =>
  patterns.some(matches) !== negated;

const decided = new WeakMap<Selection, Map<string, boolean>>();

/** Remembers the answer: a factory's roles make the same few calls again and again. */
function selectsAction(actions: Selection, action: string): boolean {
  const known = decided.get(actions) ?? new Map<string, boolean>();
  decided.set(actions, known);
  const before = known.get(action);
  if (before !== undefined) return before;
  const answer = selects(actions, (pattern) => matchesAction(pattern, action));
  known.set(action, answer);
  return answer;
}

function matchesResource(pattern: string, resource: string, context: Context): boolean {
  const substituted = substituteVariables(pattern, context);
  return substituted !== undefined && matchesArn(substituted, resource);
}

/**
 * How a resource's policy names a principal: itself (`directly`: within an account that is a grant), or its account
 * (`account`: the account's own policies still decide).
 */
export function howNamed(principals: PrincipalSelection, principal: Principal): "directly" | "account" | undefined {
  if (principals.aws.includes("*")) return "directly";
  if (principal.kind === "service") return principals.services.includes(principal.service) ? "directly" : undefined;
  const names = principal.kind === "role" ? [principal.arn, principal.roleArn] : [principal.arn];
  if (principals.aws.some((name) => names.includes(name))) return "directly";
  const account = [principal.account, `arn:aws:iam::${principal.account}:root`];
  return principals.aws.some((name) => account.includes(name)) ? "account" : undefined;
}
