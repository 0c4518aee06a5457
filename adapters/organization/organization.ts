import { createHash } from "node:crypto";
import * as z from "zod";
import { below, keyOf, partitionOf } from "../../core/ledger/kinds.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { get, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const organizationWriter = /* @__PURE__ */ writer("organization");
const organizationPageWriter = /* @__PURE__ */ writer("organizationPage");

const unit = z.object({ id: z.string(), name: z.string(), parent: z.string() });
const account = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string(),
  active: z.boolean(),
  tags: z.record(z.string(), z.string()).exactOptional(),
});

const head = z.object({
  rootId: z.string(),
  /** When the read began; the content is from then or later. */
  readAt: z.iso.datetime(),
  /** A digest of the content; pages are named by it, and written only when it changes. */
  digest: z.string(),
  /** The number of pages; absent in older records. */
  pages: z.int().exactOptional(),
});

/** As one text: parsing thousands of accounts as attributes would take a tenth of a second each time. */
const page = z.object({ content: z.string() });
const content = z.object({ units: z.array(unit), accounts: z.array(account) });

/** The organization at the last read. */
export interface KnownOrganization extends OrganizationTree {
  readonly readAt: string;
}

const HEAD = keyOf("organization", {});
const pages = (digest: string) => below("organizationPage", { digest });

/** An account with tags takes up to some kilobytes; a DynamoDB item holds 400 KB. */
const ACCOUNTS_A_PAGE = 100;
const UNITS_A_PAGE = 500;

/** Undefined before the first read. */
export async function findOrganization(ledger: Ledger): Promise<KnownOrganization | undefined> {
  for (let before: string | undefined; ; ) {
    const items = await query(ledger, partitionOf("organization"));
    const found = items.find(({ sk }) => sk === HEAD.sk);
    if (!found) return undefined;
    const known = head.parse(found);
    const own = items.filter(({ sk }) => String(sk).startsWith(pages(known.digest).prefix));
    // Replaced during the read, so pages may be missing. If the second read finds the same head, it is complete.
    const isWhole = own.length === known.pages || before === known.digest;
    before = known.digest;
    if (!isWhole) continue;
    const contents = own.map((item) => content.parse(JSON.parse(page.parse(item).content)));
    const { rootId, readAt, digest } = known;
    return {
      ...{ rootId, readAt, digest },
      units: contents.flatMap(({ units }) => units),
      accounts: contents.flatMap(({ accounts }) => accounts),
    };
  }
}

/** The record of the last read of the organization. */
export async function findHead(ledger: Ledger): Promise<z.output<typeof head> | undefined> {
  const item = await get(ledger, HEAD);
  return item && head.parse(item);
}

/**
 * Stores the organization: first new pages, then the head that names them, then removes the old pages.
 * @returns whether it has changed
 */
export async function recordOrganization(ledger: Ledger, organization: KnownOrganization): Promise<boolean> {
  const { rootId, readAt, units, accounts } = organization;
  const digest = createHash("sha256")
    .update(JSON.stringify([units, accounts]))
    .digest("hex")
    .slice(0, 32);
  const before = await findHead(ledger);
  if (before?.digest !== digest) await recordPages(ledger, organization, digest);
  await organizationWriter.put(ledger, HEAD, { rootId, readAt, digest, pages: countPages(organization) });
  if (before?.digest === digest) return false;
  if (!before) return true;
  for (const old of await query(ledger, pages(before.digest))) {
    const n = String(old.sk).split("#").at(-1) ?? "";
    await organizationPageWriter.remove(ledger, keyOf("organizationPage", { digest: before.digest, n }));
  }
  return true;
}

const countPages = ({ units, accounts }: Pick<KnownOrganization, "units" | "accounts">): number =>
  Math.max(Math.ceil(units.length / UNITS_A_PAGE), Math.ceil(accounts.length / ACCOUNTS_A_PAGE));

async function recordPages(ledger: Ledger, { units, accounts }: KnownOrganization, digest: string): Promise<void> {
  for (let nth = 0; nth < countPages({ units, accounts }); nth++) {
    const content = JSON.stringify({
      units: units.slice(nth * UNITS_A_PAGE, (nth + 1) * UNITS_A_PAGE),
      accounts: accounts.slice(nth * ACCOUNTS_A_PAGE, (nth + 1) * ACCOUNTS_A_PAGE),
    });
    await organizationPageWriter.put(ledger, keyOf("organizationPage", { digest, n: String(nth).padStart(5, "0") }), {
      content,
    });
  }
}
