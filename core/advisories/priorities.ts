import * as z from "zod";
import type { AdvisorySeverity, ApplicableAdvisory } from "../../events/build.ts";
import type { Advisory } from "./feed.ts";
import { versionComparer } from "./versions.ts";

/** Limits the cost of comparing and storing versions; no real one is as long. */
const short = z.string().max(1_000);

const severity = z.object({ type: z.string().default(""), score: z.string() });

/** The fields of a record in the OSV format with Canonical's fixed versions and priorities. */
const record = z.object({
  id: short,
  severity: z.array(severity).default([]),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z.array(z.object({ events: z.array(z.object({ fixed: short.optional() })).default([]) })).default([]),
        severity: z.array(severity).default([]),
        ecosystem_specific: z.object({ ubuntu_priority: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
export type OsvRecord = z.output<typeof record>;

/** The response of OSV's API to a query (OSV documentation, "POST /v1/query"). */
export const osvAnswer = z.object({ vulns: z.array(record).default([]), next_page_token: short.default("") });

/** The update of one source package from the installed version to the archive's. */
export interface Update {
  /** OSV's name of the release, without Ubuntu Pro: `Ubuntu:24.04:LTS`. */
  readonly ecosystem: string;
  readonly source: string;
  readonly installed: string;
  readonly fixed: string;
}

const compare = versionComparer("dpkg");

/**
 * The update that an advisory means for an image, by the binary packages with the source's version. Undefined without such
 * a package, because the installed source version is then unknown.
 */
export function toUpdate(
  ecosystem: string,
  { source }: Pick<Advisory, "source">,
  packages: ApplicableAdvisory["packages"],
): Update | undefined {
  const installed = packages.filter(({ fixed }) => fixed === source?.version).map((one) => one.installed);
  const [first, ...others] = installed;
  if (!source || first === undefined) return undefined;
  const oldest = others.reduce((least, one) => (compare(one, least) < 0 ? one : least), first);
  return toKernel({ ecosystem, source: source.name, installed: oldest, fixed: source.version });
}

/**
 * A kernel's vulnerabilities are recorded for its source, `linux-aws`. The package that is updated is the one of
 * `linux-meta-aws` that depends on the newest kernel, with the kernel's version: `6.8.0-1031.33`, before 24.04
 * `5.15.0.1031.33`.
 */
function toKernel(update: Update): Update {
  if (!/^linux-meta(-|$)/.test(update.source)) return update;
  const version = (meta: string) => meta.replace(/^(\d+\.\d+\.\d+)\.(\d+\.)/, "$1-$2");
  return {
    ...update,
    source: update.source.replace("linux-meta", "linux"),
    installed: version(update.installed),
    fixed: version(update.fixed),
  };
}

/** Canonical's priorities (Ubuntu security, "Ubuntu CVE priorities"). `untriaged` counts as unknown. */
const priorities: Readonly<Record<string, AdvisorySeverity>> = {
  negligible: "low",
  low: "low",
  medium: "medium",
  high: "important",
  critical: "critical",
};

const ranks: readonly AdvisorySeverity[] = ["low", "medium", "important", "critical"];

/** A vulnerability that an update fixes. */
export interface Fix {
  readonly id: string;
  readonly priority: AdvisorySeverity;
}

/** The vulnerabilities among OSV's records that an update fixes. */
export const fixesOf = (update: Update, records: readonly OsvRecord[]): Fix[] =>
  records
    .filter((one) => isFixed(update, one))
    .map((one) => ({ id: one.id.replace(/^UBUNTU-(?=CVE-)/, ""), priority: priorityOf(update, one) }));

/**
 * The severity of an update: that of the most severe vulnerability that it fixes. `unknown` if it fixes none of the records,
 * or if one without a priority could be more severe than all others.
 */
export function severityOf(fixes: readonly Fix[]): { readonly severity: AdvisorySeverity; readonly cves: string[] } {
  const said = fixes.map(({ priority }) => priority);
  const most = said.reduce((highest, one) => Math.max(highest, ranks.indexOf(one)), -1);
  const isSure = !said.includes("unknown") || most >= ranks.indexOf("important");
  const cves = fixes.map(({ id }) => id).filter((id) => id.startsWith("CVE-"));
  return { severity: (isSure && ranks[most]) || "unknown", cves: [...new Set(cves)].toSorted() };
}

/** Notices (USN) and live patches (LSN) repeat vulnerabilities that have separate records, but without a priority. */
const isFixed = (update: Update, one: OsvRecord): boolean =>
  !/^(USN|LSN)-/.test(one.id) &&
  affectedOf(update, one).some(({ ranges }) =>
    ranges.some(({ events }) => events.some(({ fixed }) => fixed !== undefined && liesIn(update, fixed))),
  );

const affectedOf = ({ ecosystem, source }: Update, { affected }: OsvRecord): OsvRecord["affected"] =>
  affected.filter((one) => one.package?.ecosystem === ecosystem && one.package.name === source);

function liesIn({ installed, fixed }: Update, version: string): boolean {
  try {
    return compare(installed, version) < 0 && compare(version, fixed) <= 0;
  } catch (error) {
    // Not a Debian version: the update may fix it.
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** The package's priority before the vulnerability's. Older records have it in an Ubuntu-specific field (osv-schema #337). */
function priorityOf(update: Update, one: OsvRecord): AdvisorySeverity {
  const affected = affectedOf(update, one);
  const own = [...affected.flatMap((some) => some.severity), ...one.severity].filter(
    // osv.dev omitted the type for a time (osv-scanner #2076).
    ({ type }) => type === "Ubuntu" || type === "",
  );
  const words = [...own.map(({ score }) => score), ...affected.map((some) => some.ecosystem_specific?.ubuntu_priority)];
  return words.map((word) => priorities[word ?? ""]).find((found) => found !== undefined) ?? "unknown";
}

/** How long an update's severity may be unknown: OSV's records follow the archive within hours. */
const PATIENCE_MS = 24 * 3_600_000;

/** When an update of unknown severity starts to count as important; undefined if the feed has no source of severities. */
export const countsFrom = ({ severity: known, unknownSince }: Pick<Advisory, "severity" | "unknownSince">) =>
  known === "unknown" && unknownSince !== undefined ? new Date(Date.parse(unknownSince) + PATIENCE_MS) : undefined;
