import * as z from "zod";
import { severityNamed } from "../../../core/advisories/csaf.ts";
import type { Advisory, FixedPackage, MsrcFeed } from "../../../core/advisories/feed.ts";
import { versionComparer } from "../../../core/advisories/versions.ts";
import { DOTNET, Replacements } from "../../../core/advisories/windows-updates.ts";
import { type AdvisorySeverity, advisorySeverities } from "../../../events/build.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { parsePart, readJson } from "../read-json.ts";

const text = z.object({ Value: z.string().max(10_000).optional() }).optional();

const product = z.object({ ProductID: z.string().max(100), Value: z.string().max(1_000) });

/** CVRF's types of threats and remediations that are used here. */
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
        Supercedence: z.string().max(1_000).nullish(),
        SubType: z.string().max(200).nullish(),
      }),
    )
    .nullish(),
});

type Vulnerability = z.output<typeof vulnerability>;
type Remediation = NonNullable<Vulnerability["Remediations"]>[number];

const compare = versionComparer("windows");
const rank = (severity: AdvisorySeverity): number => advisorySeverities.indexOf(severity);

/** An update while its month is read. */
interface Draft {
  readonly cves: Set<string>;
  severity: AdvisorySeverity;
  /** The build that fixes all of its CVEs; undefined while unknown. */
  version: string | undefined;
  /** The KB numbers of the updates that each fix all of its CVEs. */
  fixing: Set<string>;
  /** The versions of .NET Framework that it is for; empty for the system itself. */
  readonly dotnet: Set<string>;
}

/**
 * The updates of one product and of .NET Framework on it, with the CVEs that each fixes, from months of Microsoft's
 * Security Update Guide (CVRF 3.0). A month can refer to an update of another month.
 */
export class MsrcUpdates {
  readonly #feed: MsrcFeed;
  readonly #limits: FeedLimits;
  readonly #kept: KeptText;
  readonly #drafts = new Map<string, Draft>();
  readonly #replacements = new Replacements();

  constructor(feed: MsrcFeed, limits: FeedLimits) {
    this.#feed = feed;
    this.#limits = limits;
    this.#kept = new KeptText(feed.url, limits.kept);
  }

  /** @throws FeedFailure */
  async read(file: string, pieces: Iterable<Uint8Array>): Promise<void> {
    /** Versions of .NET Framework by product id; empty for the system itself. */
    const products = new Map<string, readonly string[]>();
    /** A document may list them before its products. */
    const found: Vulnerability[] = [];
    let listed = 0;
    await readJson(
      file,
      pieces,
      {
        "$.ProductTree.FullProductName.*": (part) => {
          const { ProductID, Value } = parsePart(file, "ProductTree.FullProductName", part, product);
          listed += 1;
          const dotnet = this.#dotnetOf(Value);
          if (dotnet) products.set(ProductID, dotnet);
        },
        "$.Vulnerability.*": (part) => {
          const one = this.#ofOwn(parsePart(file, "Vulnerability", part, vulnerability), products);
          if (one) found.push(one);
        },
      },
      this.#limits,
    );
    if (listed === 0) throw new FeedFailure("malformed", file, "has no ProductTree.FullProductName");
    for (const one of found) this.#addAll(file, one, products);
  }

  advisories(): Advisory[] {
    return [...this.#drafts].map(([id, { cves, severity, version, fixing, dotnet }]) => {
      const fix: FixedPackage = {
        name: this.#feed.name,
        architecture: "x86_64",
        version: version ?? id,
        updates: this.#replacements.around(fixing),
      };
      const on = [...dotnet].map((one) => ({ ...fix, on: { name: DOTNET, version: one } }));
      return { id, severity, cves: [...cves], fixes: on.length > 0 ? on : [fix] };
    });
  }

  /** Undefined for another product. */
  #dotnetOf(name: string): string[] | undefined {
    const core = " (Server Core installation)";
    const full = name.endsWith(core) ? name.slice(0, -core.length) : name;
    if (full === this.#feed.product) return [];
    const [, versions, system] = /^Microsoft \.NET Framework ([\d.]+(?: AND [\d.]+)*) on (.+)$/i.exec(full) ?? [];
    return versions && system === this.#feed.product ? versions.split(/ AND /i) : undefined;
  }

  /** Most of a month concerns other products. */
  #ofOwn({ CVE, Threats, Remediations }: Vulnerability, products: ReadonlyMap<string, unknown>) {
    const own = (Remediations ?? []).filter(
      (one) =>
        one.Type === VENDOR_FIX &&
        (this.#isOwnBuild(one.FixedBuild) ||
          (numberOf(one) !== undefined &&
            (products.size === 0 || one.ProductID?.some((id) => products.has(id)) === true))),
    );
    return own.length > 0 ? { CVE, Threats, Remediations: own } : undefined;
  }

  #isOwnBuild = (fixed: string | null | undefined): fixed is string =>
    fixed !== undefined && fixed !== null && /^\d+(\.\d+){3}$/.test(fixed) && fixed.startsWith(`${this.#feed.build}.`);

  #addAll(file: string, one: Vulnerability, products: ReadonlyMap<string, readonly string[]>): void {
    const groups = Map.groupBy(products.keys(), (id) => products.get(id)?.join(" ") ?? "");
    for (const [versions, ids] of groups) {
      this.#add(file, one, new Set(ids), versions === "" ? [] : versions.split(" "));
    }
  }

  /**
   * A vulnerability has one update per product, and often a hotpatch with a lower build, which fixes it as well. An
   * image has an update when all of the update's vulnerabilities are fixed. Builds of .NET Framework differ from the
   * system's, so its updates, and those without a build, are identified by KB number.
   */
  #add(
    file: string,
    { CVE, Threats, Remediations }: Vulnerability,
    products: ReadonlySet<string>,
    dotnet: readonly string[],
  ): void {
    const concerns = (ids: readonly string[] | undefined) => ids?.some((one) => products.has(one)) ?? false;
    const own = (Remediations ?? []).filter(
      ({ ProductID, FixedBuild }) =>
        concerns(ProductID) && (dotnet.length > 0 || !FixedBuild || this.#isOwnBuild(FixedBuild)),
    );
    const built = own
      .filter((one): one is Remediation & { FixedBuild: string } => this.#isOwnBuild(one.FixedBuild))
      .toSorted((a, b) => compare(a.FixedBuild, b.FixedBuild));
    const candidates = built.length > 0 ? built : own.filter((one) => numberOf(one) !== undefined);
    const update = candidates.find(({ SubType }) => !/hotpatch/i.test(SubType ?? "")) ?? candidates[0];
    if (!update) return;
    const id = numberOf(update);
    if (!id) throw new FeedFailure("malformed", file, `${CVE}: its update ${update.FixedBuild} has no KB number`);
    const severity = (Threats ?? [])
      .filter(({ Type, ProductID }) => Type === SEVERITY && (ProductID === undefined || concerns(ProductID)))
      .map(({ Description }) => severityNamed(Description?.Value))
      .reduce((most, one) => (rank(one) > rank(most) ? one : most), "unknown");
    const fixing = new Set(own.flatMap((one) => this.#keepNumber(one) ?? []));
    const draft: Draft = this.#drafts.get(id) ?? {
      cves: new Set(),
      severity,
      version: undefined,
      fixing,
      dotnet: new Set(),
    };
    this.#drafts.set(id, draft);
    if (CVE && /^CVE-/.test(CVE)) draft.cves.add(this.#kept.keep(CVE));
    if (rank(severity) > rank(draft.severity)) draft.severity = severity;
    const least = built[0]?.FixedBuild;
    if (least !== undefined && (draft.version === undefined || compare(least, draft.version) > 0))
      draft.version = this.#kept.keep(least);
    draft.fixing = new Set([...draft.fixing].filter((one) => fixing.has(one)));
    for (const one of dotnet) draft.dotnet.add(this.#kept.keep(one));
  }

  #keepNumber(one: Remediation): string | undefined {
    const number = numberOf(one);
    if (number === undefined) return undefined;
    for (const [replaced] of (one.Supercedence ?? "").matchAll(NUMBER)) {
      this.#replacements.add(number, `KB${this.#kept.keep(replaced)}`);
    }
    return this.#kept.keep(number);
  }
}

const NUMBER = /\d{6,8}/g;

/** Undefined where a remediation has no KB number, such as a page of release notes. */
function numberOf({ Description }: Remediation): string | undefined {
  const [number] = /\d{6,8}/.exec(Description?.Value ?? "") ?? [];
  return number && `KB${number}`;
}
