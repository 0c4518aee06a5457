import * as z from "zod";
import { type CsafProduct, moduleNamed, packageOf, platformOf, severityNamed } from "../../../core/advisories/csaf.ts";
import type { Advisory, CsafFeed, FixedPackage } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";
import type { KeptText } from "../kept-text.ts";
import { parsePart, readJson } from "../read-json.ts";

const id = z.string().max(1_000);

const document = z.object({
  // The date decides nothing: an invalid one is dropped.
  tracking: z.object({ id, initial_release_date: z.iso.datetime({ offset: true }).optional().catch(undefined) }),
  aggregate_severity: z.object({ text: id }).optional(),
});

const product = z.object({
  product_id: id,
  name: id.default(""),
  product_identification_helper: z.object({ cpe: id.optional(), purl: id.optional() }).optional(),
});

interface Branch {
  readonly name?: string | undefined;
  readonly product?: z.output<typeof product> | undefined;
  readonly branches?: readonly Branch[] | undefined;
}

const branch: z.ZodType<Branch> = z.lazy(() =>
  z.object({ name: id.optional(), product: product.optional(), branches: z.array(branch).optional() }),
);

const relationship = z.object({
  full_product_name: z.object({ product_id: id }),
  product_reference: id,
  relates_to_product_reference: id,
});

const vulnerability = z.object({
  cve: id.optional(),
  /** Red Hat lists fixed packages as `fixed`, SUSE as `recommended`. */
  product_status: z.object({ fixed: z.array(id).optional(), recommended: z.array(id).optional() }).optional(),
});

interface Belongs {
  readonly reference: string;
  readonly to: string;
}

/**
 * Reads a CSAF document as a stream: the packages of an operating system that it lists as fixed. Everything else is
 * dropped while reading.
 * @returns undefined where it has no package of interest
 * @throws FeedFailure
 */
export async function readCsafDocument(
  file: string,
  pieces: Iterable<Uint8Array>,
  { products: wanted, architecture }: Pick<CsafFeed, "products" | "architecture">,
  interested: (packageName: string) => boolean,
  limits: FeedLimits,
  kept: KeptText,
): Promise<{ readonly id: string; readonly advisory: Advisory | undefined }> {
  let head: z.output<typeof document> | undefined;
  const products = new Map<string, CsafProduct>();
  const relations = new Map<string, Belongs>();
  const fixed = new Set<string>();
  const cves = new Set<string>();
  const addBranch = ({ product: one, name = "", branches = [] }: Branch): void => {
    if (one) {
      const { product_id, product_identification_helper: helper } = one;
      products.set(product_id, { id: product_id, name: one.name || name, cpe: helper?.cpe, purl: helper?.purl });
    }
    for (const below of branches) addBranch(below);
  };
  await readJson(
    file,
    pieces,
    {
      "$.document": (part) => {
        head = parsePart(file, "document", part, document);
      },
      "$.product_tree.branches.*": (part) => addBranch(parsePart(file, "product_tree.branches", part, branch)),
      "$.product_tree.relationships.*": (part) => {
        const one = parsePart(file, "product_tree.relationships", part, relationship);
        const { full_product_name, product_reference, relates_to_product_reference: to } = one;
        relations.set(full_product_name.product_id, { reference: product_reference, to });
      },
      "$.vulnerabilities.*": (part) => {
        const { cve, product_status } = parsePart(file, "vulnerabilities", part, vulnerability);
        if (cve) cves.add(cve);
        for (const one of product_status?.fixed ?? []) fixed.add(one);
        for (const one of product_status?.recommended ?? []) fixed.add(one);
      },
    },
    limits,
  );
  if (!head) throw new FeedFailure("malformed", file, "has no document.tracking.id");
  const fixes = [...fixed].flatMap((one) => toFix(one) ?? []);
  const keep = (text: string) => kept.keep(text);
  const name = keep(head.tracking.id);
  if (fixes.length === 0) return { id: name, advisory: undefined };
  return {
    id: name,
    advisory: {
      id: name,
      severity: severityNamed(head.aggregate_severity?.text),
      cves: [...cves].map(keep),
      ...issuedOf(head.tracking.initial_release_date),
      fixes: withoutDuplicates(fixes).map((one) => ({ ...one, name: keep(one.name), version: keep(one.version) })),
    },
  };

  /** A package as a component of a repository, or of a module in a repository. */
  function toFix(fixedId: string): FixedPackage | undefined {
    const relation = relations.get(fixedId);
    if (!relation) return undefined;
    const found = packageOf(products.get(relation.reference) ?? { id: "", name: relation.reference });
    if (!found || !interested(found.name) || ![architecture, "noarch"].includes(found.architecture)) return undefined;
    const ofModule = relations.get(relation.to);
    const repository = products.get(ofModule?.to ?? relation.to);
    const platform = repository && platformOf(repository, wanted);
    if (!platform) return undefined;
    const module = found.module ?? (ofModule && moduleNamed(ofModule.reference));
    return { ...found, ...platform, ...(module !== undefined && { module }) };
  }
}

const issuedOf = (date: string | undefined): Pick<Advisory, "issued"> =>
  date === undefined ? {} : { issued: new Date(date).toISOString() };

/** A package can be a component of several repositories. */
const withoutDuplicates = (fixes: readonly FixedPackage[]): FixedPackage[] => [
  ...new Map(fixes.map((one) => [JSON.stringify(one), one])).values(),
];
