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
  evaluation(aboutAction(statements, request.action), (statement) => applies(statement, request));

/** The statements of a resource's policy that match a request of this principal. */
export const evaluateResource = (
  statements: readonly Statement[],
  request: Request,
  principal: Principal,
): Evaluation =>
  evaluation(aboutAction(statements, request.action), (statement) => {
    const { principals } = statement;
    return (
      principals !== undefined &&
      (howNamed(principals, principal) !== undefined) !== principals.negated &&
      applies(statement, request)
    );
  });

const NOTHING: Evaluation = { denied: [], allowed: [] };

function evaluation(statements: readonly Statement[], speaks: (statement: Statement) => boolean): Evaluation {
  if (statements.length === 0) return NOTHING;
  const speaking = statements.filter(speaks);
  return {
    denied: speaking.filter(({ effect }) => effect === "Deny"),
    allowed: speaking.filter(({ effect }) => effect === "Allow"),
  };
}

/** Whether a statement about the action applies to the request. */
function applies({ resources, conditions }: Statement, { resource, context }: Request): boolean {
  return (
    // A trust policy has no resources: it applies to its role.
    (!resources || selects(resources, (pattern) => matchesResource(pattern, resource, context))) &&
    conditionsHold(conditions, context)
  );
}

const selects = ({ patterns, negated }: Selection, matches: (pattern: string) => boolean): boolean =>
  patterns.some(matches) !== negated;

const byAction = new WeakMap<readonly Statement[], Map<string, readonly Statement[]>>();

/** The statements about an action. Remembered: a factory's roles make the same few calls again and again. */
function aboutAction(statements: readonly Statement[], action: string): readonly Statement[] {
  const known = byAction.get(statements) ?? new Map<string, readonly Statement[]>();
  byAction.set(statements, known);
  const before = known.get(action);
  if (before) return before;
  const found = statements.filter(({ actions }) => selects(actions, (pattern) => matchesAction(pattern, action)));
  known.set(action, found);
  return found;
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
