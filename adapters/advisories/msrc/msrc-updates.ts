import * as z from "zod";
import { severityNamed } from "../../../core/advisories/csaf.ts";
import type { Advisory, MsrcFeed } from "../../../core/advisories/feed.ts";
import { versionComparer } from "../../../core/advisories/versions.ts";
import { type AdvisorySeverity, advisorySeverities } from "../../../events/build.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { parsePart, readJson } from "../read-json.ts";

const text = z.object({ Value: z.string().max(10_000).optional() }).optional();

const product = z.object({ ProductID: z.string().max(100), Value: z.string().max(1_000) });

/** Of CVRF's types of threats and remediations those that count here. */
const SEVERITY = 3;
const VENDOR_FIX = 2;

const vulnerability = z.object({
  CVE: z.string().max(100).optional(),
  Threats: z
    .array(z.object({ Type: z.number(), Description: text, ProductID: z.array(z.string()).optional() }))
    .nullish(),
  Remediations: z
    .array(
      z.object({
        Type: z.number(),
        Description: text,
        ProductID: z.array(z.string()).optional(),
        FixedBuild: z.string().max(200).nullish(),
        SubType: z.string().max(200).nullish(),
      }),
    )
    .nullish(),
});

type Vulnerability = z.output<typeof vulnerability>;
type Remediation = NonNullable<Vulnerability["Remediations"]>[number];

const compare = versionComparer("windows");
const rank = (severity: AdvisorySeverity): number => advisorySeverities.indexOf(severity);

/** An update while the month is read. */
interface Draft {
  readonly cves: Set<string>;
  severity: AdvisorySeverity;
  version: string;
}

/**
 * The updates of one product, each with the CVEs that it fixes, from months of Microsoft's Security Update Guide (CVRF 3.0).
 * A month can name an update of another one.
 */
export class MsrcUpdates {
  readonly #feed: MsrcFeed;
  readonly #limits: FeedLimits;
  readonly #kept: KeptText;
  readonly #drafts = new Map<string, Draft>();

  constructor(feed: MsrcFeed, limits: FeedLimits) {
    this.#feed = feed;
    this.#limits = limits;
    this.#kept = new KeptText(feed.url, limits.kept);
  }

  /** @throws FeedFailure */
  async read(file: string, pieces: Iterable<Uint8Array>): Promise<void> {
    const { product: name } = this.#feed;
    const named = [name, `${name} (Server Core installation)`];
    const ids = new Set<string>();
    /** A document may have them before its products. */
    const found: Vulnerability[] = [];
    let products = 0;
    await readJson(
      file,
      pieces,
      {
        "$.ProductTree.FullProductName.*": (part) => {
          const { ProductID, Value } = parsePart(file, "ProductTree.FullProductName", part, product);
          products += 1;
          if (named.includes(Value)) ids.add(ProductID);
        },
        "$.Vulnerability.*": (part) => {
          const one = this.#ofOwnBuild(parsePart(file, "Vulnerability", part, vulnerability));
          if (one) found.push(one);
        },
      },
      this.#limits,
    );
    if (products === 0) throw new FeedFailure("malformed", file, "has no ProductTree.FullProductName");
    for (const one of found) this.#add(file, one, ids);
  }

  advisories(): Advisory[] {
    const { name } = this.#feed;
    return [...this.#drafts].map(([id, { cves, severity, version }]) => ({
      id,
      severity,
      cves: [...cves],
      fixes: [{ name, architecture: "x86_64", version }],
    }));
  }

  /** Most of a month is about other products. */
  #ofOwnBuild({ CVE, Threats, Remediations }: Vulnerability): Vulnerability | undefined {
    const own = (Remediations ?? []).filter(({ FixedBuild }) => this.#isOwnBuild(FixedBuild));
    return own.length > 0 ? { CVE, Threats, Remediations: own } : undefined;
  }

  #isOwnBuild = (fixed: string | null | undefined): fixed is string =>
    fixed !== undefined && fixed !== null && /^\d+(\.\d+){3}$/.test(fixed) && fixed.startsWith(`${this.#feed.build}.`);

  /**
   * A vulnerability has an update for each product, and beside it a hotpatch, whose build is lower: who has that one is not
   * vulnerable. An update is in an image where all its vulnerabilities are fixed.
   */
  #add(file: string, { CVE, Threats, Remediations }: Vulnerability, products: ReadonlySet<string>): void {
    const concerns = (ids: readonly string[] | undefined) => ids?.some((one) => products.has(one)) ?? false;
    const own = (Remediations ?? []).filter(
      (one): one is Remediation & { FixedBuild: string } =>
        one.Type === VENDOR_FIX && concerns(one.ProductID) && this.#isOwnBuild(one.FixedBuild),
    );
    const sorted = own.toSorted((a, b) => compare(a.FixedBuild, b.FixedBuild));
    const [least] = sorted;
    const update = sorted.find(({ SubType }) => !/hotpatch/i.test(SubType ?? "")) ?? least;
    if (!least || !update) return;
    const number = /\d{6,8}/.exec(update.Description?.Value ?? "")?.[0];
    if (!number) throw new FeedFailure("malformed", file, `${CVE}: its update ${update.FixedBuild} has no KB number`);
    const severity = (Threats ?? [])
      .filter(({ Type, ProductID }) => Type === SEVERITY && (ProductID === undefined || concerns(ProductID)))
      .map(({ Description }) => severityNamed(Description?.Value))
      .reduce((most, one) => (rank(one) > rank(most) ? one : most), "unknown");
    const id = `KB${number}`;
    const draft = this.#drafts.get(id);
    const version = this.#kept.keep(least.FixedBuild);
    const cve = CVE && /^CVE-/.test(CVE) ? [this.#kept.keep(CVE)] : [];
    if (!draft) this.#drafts.set(id, { cves: new Set(cve), severity, version });
    else {
      for (const one of cve) draft.cves.add(one);
      if (rank(severity) > rank(draft.severity)) draft.severity = severity;
      if (compare(version, draft.version) > 0) draft.version = version;
    }
  }
}
