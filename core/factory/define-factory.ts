import type * as z from "zod";
import { checkReferences } from "./check-references.ts";
import { type Factory, type FactoryInput, factorySchema } from "./factory-schema.ts";
import {
  asWritten,
  noteRenamedKeys,
  type Rename,
  type RenamedKey,
  renamedKeys,
  renameKeys,
  toPath,
} from "./renamed-keys.ts";

/** The config cannot be used; the message lists every fault with its path, what was found and what would be valid. */
export class FactoryConfigError extends Error {
  override readonly name = "FactoryConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`factory.config.ts cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * Validates a factory's description and fills in defaults.
 * @param renames Amint's own, unless a test has others
 * @throws FactoryConfigError naming every fault at once
 */
export function defineFactory(input: FactoryInput, renames: readonly Rename[] = renamedKeys): Factory {
  const renamed = renameKeys(input, renames);
  const parsed = factorySchema.safeParse(renamed.input, { reportInput: true });
  const issues = (parsed.error?.issues ?? []).flatMap(describeIssue);
  if (!parsed.success || renamed.faults.length > 0) throw unusable([...renamed.faults, ...issues], renamed.used);
  const faults = checkReferences(parsed.data);
  if (faults.length > 0) throw unusable(faults, renamed.used);
  return renamed.used.length > 0 ? noteRenamedKeys(parsed.data, renamed.used) : parsed.data;
}

const unusable = (faults: readonly string[], used: readonly RenamedKey[]): FactoryConfigError =>
  new FactoryConfigError(faults.map((fault) => asWritten(fault, used)));

type Issue = z.core.$ZodIssue;

/** A fault as a person needs it: path, what would be valid, what was found. One line for each unknown key. */
export function describeIssue(issue: Issue): string[] {
  const at = toPath(issue.path) || "the factory";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${toPath([...issue.path, key])}: no such setting`);
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const closest = closestBranch(issue.errors);
    if (closest) return closest.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  if (issue.code === "invalid_key" && issue.issues.length > 0) {
    const input = issue.path.at(-1);
    const faults = issue.issues as readonly Issue[];
    return faults.flatMap((inner) => describeIssue({ ...inner, input, path: [...issue.path, ...inner.path] } as Issue));
  }
  return [`${at}: expected ${expectation(issue)}, found ${found(inputOf(issue))}`];
}

/** The union's member that the value came nearest to: one whose faults lie inside it, not at its own door. */
const closestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find(
    (issues) => issues.length > 0 && issues.every(({ path, code }) => path.length > 0 && code !== "invalid_type"),
  );

/** Where a union is told apart by one key, zod gives the whole value. */
const inputOf = (issue: Issue): unknown =>
  issue.code === "invalid_union" && issue.discriminator
    ? (issue.input as Readonly<Record<string, unknown>> | undefined)?.[issue.discriminator]
    : issue.input;

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_type":
      return issue.expected;
    case "too_small":
      return `at least ${issue.minimum}${issue.origin === "array" ? " item(s)" : ""}`;
    case "too_big":
      return `at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
    default:
      return issue.message;
  }
}

const found = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
