import * as z from "zod";

/** A statement of a resource policy. */
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
 * How a resource policy differs from the wanted one, in words, by statement; undefined if they are equal. Order does not
 * matter, and a list of one value equals the value (IAM user guide, "Grammar of the IAM JSON policy language").
 * @param text the policy as AWS returns it; undefined without a policy
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

/** Statements by Sid. Those without a Sid are identified by their position among these. */
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

/** Turns strings into lists of one, and sorts lists and members. */
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
