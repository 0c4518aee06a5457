import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import type { OrganizationSeed } from "../../local/services/organizations/seed-organization.ts";
import { organizationSchema } from "./organization-schema.ts";

/** Used where no other is named. */
export const defaultOrganization = fileURLToPath(new URL("organization.yaml", import.meta.url));

/** @throws OrganizationUnreadable with a line for each fault: file, line, path, what would be valid */
export async function readOrganization(file: string): Promise<OrganizationSeed> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new OrganizationUnreadable([`${file}: ${cause.message}`], cause);
  });
  const lines = new LineCounter();
  // "failsafe": every scalar is a text. 012345678901 would be another account as a number.
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe", prettyErrors: false });
  if (document.errors.length > 0) {
    throw new OrganizationUnreadable(
      document.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`),
    );
  }
  const parsed = organizationSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap(splitKeys).map(({ path, message }) => {
    return `${file}:${lineOf(document, lines, path)}: ${pathText(path)}: ${message}`;
  });
  throw new OrganizationUnreadable(faults);
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One fault for each unknown key, with what would be known there. */
function splitKeys(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `not known here; known are ${knownAt(issue.path).join(", ")}`,
    }));
  }
  if (issue.code === "invalid_value") {
    return [{ path: issue.path, message: `expected one of ${issue.values.join(", ")}` }];
  }
  if (issue.code === "invalid_type") {
    const expected = { object: "a mapping", array: "a list", string: "a text", record: "a mapping" }[
      issue.expected as string
    ];
    return [{ path: issue.path, message: `expected ${expected ?? issue.expected}` }];
  }
  return [issue];
}

function knownAt(path: readonly PropertyKey[]): string[] {
  const kind = path.findLast((key) => typeof key === "string");
  if (kind === undefined) return ["id", "rootId", "featureSet", "management", "accounts", "units"];
  return kind === "units" ? ["name", "id", "tags", "accounts", "units"] : ["id", "name", "email", "status", "tags"];
}

/** The line of the value, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)),
    "",
  ) || "the organization";

class OrganizationUnreadable extends Error {
  override readonly name = "OrganizationUnreadable";

  constructor(faults: readonly string[], cause?: unknown) {
    super(`The organization cannot be read:\n  ${faults.join("\n  ")}`, { cause });
  }
}
