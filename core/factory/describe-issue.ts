import type * as z from "zod";
import { countOf, expectationOf } from "./describe-type.ts";
import { toPath } from "./renamed-keys.ts";
import { formsAt, keysAt, schemasAt } from "./settings.ts";
import { meant, suggest } from "./suggest.ts";

type Issue = z.core.$ZodIssue;

/**
 * What zod found, as messages: `regions[0]: expected an AWS region such as "eu-west-1", found "eu"`. Each unknown key has its own
 * message.
 * @param schema the one that the issue's path begins at
 */
export function describeIssue(issue: Issue, schema: z.core.$ZodType): string[] {
  const at = toPath(issue.path) || "the factory";
  if (issue.code === "unrecognized_keys") {
    const present = Object.keys(issue.input ?? {}).filter((key) => !issue.keys.includes(key));
    const known = keysAt(schema, issue.path, present);
    return issue.keys.map(
      (key) => `${toPath([...issue.path, key])}: unknown key; ${known.length > 0 ? suggest(key, known) : "remove it"}`,
    );
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const misspelled = misspelledKeys(issue, schema);
    if (misspelled.length > 0) return misspelled;
    const closest = closestBranch(issue.errors);
    if (closest) {
      return closest.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, schema));
    }
  }
  if (issue.code === "invalid_key" && issue.issues.length > 0) {
    const input = issue.path.at(-1);
    const faults = issue.issues as readonly Issue[];
    return faults.flatMap((inner) =>
      describeIssue({ ...inner, input, path: [...issue.path, ...inner.path] } as Issue, schema),
    );
  }
  return [`${at}: expected ${expectation(issue, schema)}, found ${found(inputOf(issue))}`];
}

/** Keys that no form of a union has, where one of its forms has a similar key that is missing. */
function misspelledKeys({ input, path }: Issue, schema: z.core.$ZodType): string[] {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return [];
  const all = formsAt(schema, path).flat();
  const present = Object.keys(input).filter((key) => all.includes(key));
  const known = keysAt(schema, path, present);
  return Object.keys(input).flatMap((key) => {
    const close = all.includes(key) ? undefined : meant(key, known);
    return close === undefined ? [] : [`${toPath([...path, key])}: unknown key; did you mean "${close}"?`];
  });
}

/** The union's member that the value is closest to: one whose issues are about its keys, not about the whole value. */
const closestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find(
    (issues) => issues.length > 0 && issues.every(({ path, code }) => path.length > 0 && code !== "invalid_type"),
  );

/** For a discriminated union, zod's input is the whole value. */
const inputOf = (issue: Issue): unknown =>
  issue.code === "invalid_union" && issue.discriminator
    ? (issue.input as Readonly<Record<string, unknown>> | undefined)?.[issue.discriminator]
    : issue.input;

function expectation(issue: Issue, schema: z.core.$ZodType): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_type":
      return schemasAt(schema, issue.path).map(expectationOf)[0] ?? issue.expected;
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${amount(issue.minimum, issue.origin)}`;
    case "too_big":
      return `at most ${amount(issue.maximum, issue.origin)}`;
    default:
      return issue.message;
  }
}

const amount = (limit: number | bigint, origin: string): string => {
  if (origin === "array") return countOf(Number(limit), "item");
  return origin === "string" ? countOf(Number(limit), "character") : String(limit);
};

const found = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
