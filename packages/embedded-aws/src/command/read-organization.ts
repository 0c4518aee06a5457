import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import type { OrganizationSeed } from "../services/organizations/seed-organization.ts";

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Organizations that `--seed` knows by name. */
const SEEDS: ReadonlyMap<string, string> = new Map([["landing-zone", fileOf("landing-zone.yaml")]]);

/**
 * The organization of `--seed`: a name, a file, or the default.
 * @throws OrganizationUnreadable
 */
export const readSeed = (seed: string | undefined): Promise<OrganizationSeed> =>
  readOrganization(seed === undefined ? fileOf("organization.yaml") : (SEEDS.get(seed) ?? seed));

/** @throws OrganizationUnreadable with a line for each error: file, line, path, and what would be valid */
export async function readOrganization(file: string): Promise<OrganizationSeed> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new OrganizationUnreadable([`${file}: ${cause.message}`], cause);
  });
  const lines = new LineCounter();
  // "failsafe": every scalar is a string. As a number, 012345678901 would be another account.
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

/** One error for each unknown key, with the keys that are valid there. */
function splitKeys(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key; valid keys are ${knownAt(issue.path).join(", ")}`,
    }));
  }
  if (issue.code === "invalid_value") {
    return [{ path: issue.path, message: `expected one of ${issue.values.join(", ")}` }];
  }
  if (issue.code === "invalid_type") {
    const expected = { object: "a mapping", array: "a list", string: "a string", record: "a mapping" }[
      issue.expected as string
    ];
    return [{ path: issue.path, message: `expected ${expected ?? issue.expected}` }];
  }
  return [issue];
}

function knownAt(path: readonly PropertyKey[]): string[] {
  const kind = path.findLast((key) => typeof key === "string");
  if (kind === undefined) return ["id", "rootId", "featureSet", "management", "accounts", "units"];
  if (kind === "units") return ["name", "id", "tags", "accounts", "units"];
  if (kind === "networks") return ["region", "name", "cidr", "egress", "endpoints"];
  return ["id", "name", "email", "status", "tags", "defaultVpc", "networks"];
}

/** The line of the value, or of its nearest ancestor that exists. */
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
    super(`The organization file is not valid:\n  ${faults.join("\n  ")}`, { cause });
  }
}

// The length of ids and names: AWS Organizations API reference, Account, OrganizationalUnit, Root, Tag.
const text = (pattern: RegExp, like: string) => z.string().regex(pattern, `expected ${like}`);

const accountId = text(/^\d{12}$/, "12 digits");

const accountName = text(/^[ -~]{1,50}$/, "1 to 50 characters of ASCII");

const unitName = z.string().min(1, "expected a name").max(128, "expected at most 128 characters");

const tags = z.record(
  text(/^(?!aws:).{1,128}$/s, "a tag key of 1 to 128 characters, not aws:..."),
  z.string().max(256),
);

const network = z.strictObject({
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region"),
  name: text(/^.{1,200}$/, "a name, for the tags Name"),
  cidr: text(/^\d{1,3}\.\d{1,3}\.0\.0\/16$/, "a /16 such as 10.0.0.0/16").optional(),
  egress: z.enum(["nat", "transit-gateway", "none"]).optional(),
  endpoints: z.array(text(/^[a-z0-9.-]+$/, "a service such as ssm")).optional(),
});

const account = z.strictObject({
  id: accountId,
  name: accountName,
  email: text(/^[^\s@]+@[^\s@]+$/, "an e-mail address").optional(),
  status: z.enum(["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"]).optional(),
  tags: tags.optional(),
  defaultVpc: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
  networks: z.array(network).optional(),
});

const organizationalUnit = z.strictObject({
  name: unitName,
  id: text(/^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/, "ou-<the root's suffix>-<8 to 32 of a-z, 0-9>").optional(),
  tags: tags.optional(),
  accounts: z.array(account).optional(),
  get units() {
    return z.array(organizationalUnit).optional();
  },
});

type OrganizationalUnit = z.infer<typeof organizationalUnit>;

/** An organization as written in YAML. Every value is a string, because YAML would parse an account id as a number. */
const organizationSchema = z
  .strictObject({
    id: text(/^o-[a-z0-9]{10,32}$/, "o-<10 to 32 of a-z, 0-9>").optional(),
    rootId: text(/^r-[a-z0-9]{4,32}$/, "r-<4 to 32 of a-z, 0-9>").optional(),
    featureSet: z.enum(["ALL", "CONSOLIDATED_BILLING"]).optional(),
    management: account,
    accounts: z.array(account).optional(),
    units: z.array(organizationalUnit).optional(),
  })
  .superRefine(({ management, accounts = [], units = [], rootId }, context) => {
    const found = [...idsOf({ accounts, units }, [])];
    const seen = new Set([management.id]);
    for (const { id, path } of found) {
      if (seen.has(id)) context.addIssue({ code: "custom", path, message: `${id} appears more than once` });
      seen.add(id);
      if (!id.startsWith("ou-")) continue;
      const prefix = `ou-${rootId?.slice(2)}-`;
      if (rootId === undefined) {
        context.addIssue({
          code: "custom",
          path,
          message: "expected a rootId as well: an OU's id contains the root's suffix",
        });
      } else if (!id.startsWith(prefix)) {
        context.addIssue({ code: "custom", path, message: `expected ${prefix}..., because the root is ${rootId}` });
      }
    }
  })
  // Zod's optional members may be undefined; absent means the same.
  .transform((organization) => organization as OrganizationSeed);

type Path = (string | number)[];

/** Ids of all accounts and OUs, with their paths. */
function* idsOf(
  { accounts = [], units = [] }: Pick<OrganizationalUnit, "accounts" | "units">,
  at: Path,
): Iterable<{ id: string; path: Path }> {
  for (const [index, { id }] of accounts.entries()) yield { id, path: [...at, "accounts", index, "id"] };
  for (const [index, inner] of units.entries()) {
    const path = [...at, "units", index];
    if (inner.id !== undefined) yield { id: inner.id, path: [...path, "id"] };
    yield* idsOf(inner, path);
  }
}
