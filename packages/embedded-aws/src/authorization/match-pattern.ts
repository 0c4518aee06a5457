/** Values of a request by condition key. Keys are in lower case, because AWS ignores their case. */
export type Context = Pick<ReadonlyMap<string, readonly string[]>, "get">;

/** `*` stands for any characters, `?` for one. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (pattern === "*" || pattern === value) return true;
  return globs(pattern, value);
}

/** Greedy glob with one backtracking point: linear in practice, never exponential. */
function globs(pattern: string, value: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let v = 0; v < value.length; ) {
    if (pattern[p] === "*") {
      star = p++;
      resume = v;
    } else if (pattern[p] === "?" || pattern[p] === value[v]) {
      p++;
      v++;
    } else if (star >= 0) {
      p = star + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** The case of actions does not matter. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matchesPattern(pattern.toLowerCase(), action.toLowerCase());

/**
 * Compares ARNs as IAM does: each of the six parts separately; omitted parts match anything.
 * A request for `*` (an operation without resource-level permissions) is granted only by `*`.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  if (arn === "*") return false;
  const parts = arnParts(arn);
  return patternParts(pattern).every((part, n) => matchesPattern(part, parts[n] ?? ""));
}

const splitPatterns = new Map<string, readonly string[]>();
const MOST_PATTERNS = 10_000;

/** Policies' patterns are few, and compared with each request. */
function patternParts(pattern: string): readonly string[] {
  const known = splitPatterns.get(pattern);
  if (known) return known;
  if (splitPatterns.size === MOST_PATTERNS) splitPatterns.clear();
  const parts = arnParts(pattern);
  splitPatterns.set(pattern, parts);
  return parts;
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * Replaces policy variables (`${aws:PrincipalAccount}`, `${key, 'default'}`, `${*}`) with the request's values.
 * Undefined if a variable has no value: a pattern with such a variable matches nothing.
 */
export function substituteVariables(pattern: string, context: Context): string | undefined {
  if (!pattern.includes("${")) return pattern;
  let complete = true;
  const text = pattern.replace(VARIABLE, (_, variable: string) => {
    if (variable === "*" || variable === "?" || variable === "$") return variable;
    const [key = "", fallback] = variable.split(",").map((part) => part.trim());
    const values = context.get(key.toLowerCase());
    if (values?.length === 1 && values[0] !== undefined) return values[0];
    if (fallback !== undefined) return fallback.replace(/^'(.*)'$/, "$1");
    complete = false;
    return "";
  });
  return complete ? text : undefined;
}
