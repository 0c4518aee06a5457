import * as z from "zod";

/** A statement of a resource's policy, as IAM writes it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly [member: string]: unknown;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

const statement = z.record(z.string(), z.unknown());
const document = z.object({ Statement: z.union([z.array(statement), statement.transform((one) => [one])]) });

/**
 * How a resource's policy differs from what it should be, in words, statement by statement; undefined where it does not.
 * Order, and lists of one value written as the value, make no difference (IAM user guide, "Grammar of the IAM JSON policy
 * language").
 * @param text the policy as AWS returns it; undefined where there is none
 */
export function policyDifference(text: string | undefined, wanted: PolicyDocument | undefined): string | undefined {
  if (text === undefined) return wanted && wanted.Statement.length > 0 ? "it has no policy" : undefined;
  const parsed = document.safeParse(parseJson(text));
  if (!parsed.success) return "its policy is not valid JSON";
  const found = bySid(parsed.data.Statement);
  const should = bySid(wanted?.Statement ?? []);
  const missing = [...should.keys()].filter((sid) => !found.has(sid));
  const added = [...found.keys()].filter((sid) => !should.has(sid));
  const changed = [...should].filter(([sid, one]) => found.has(sid) && found.get(sid) !== one);
  const said = [
    ...missing.map((sid) => `the statement ${sid} is missing`),
    ...changed.map(([sid]) => `the statement ${sid} was changed`),
    ...added.map((sid) => `the statement ${sid} was added`),
  ];
  return said.length > 0 ? said.join(", ") : undefined;
}

/** Statements without an id are known by their place among those without one. */
function bySid(statements: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, string> {
  let unnamed = 0;
  return new Map(
    statements.map((one) => [
      String(one.Sid ?? `without Sid, number ${++unnamed}`),
      // `"*"` is `{"AWS": "*"}` (IAM user guide, "AWS JSON policy elements: Principal").
      JSON.stringify(normalized(one.Principal === "*" ? { ...one, Principal: { AWS: "*" } } : one)),
    ]),
  );
}

/** Every text a list of one, every list and all members sorted. */
function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).toSorted();
  if (typeof value !== "object" || value === null) return [String(value)];
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return members.map(([name, one]) => [name, normalized(one)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
