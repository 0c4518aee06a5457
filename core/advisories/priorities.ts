import * as z from "zod";
import type { AdvisorySeverity, ApplicableAdvisory } from "../../events/build.ts";
import type { Advisory } from "./feed.ts";
import { versionComparer } from "./versions.ts";

/** Versions are compared character by character, and what is compared is kept: no real one is as long. */
const short = z.string().max(1_000);

const severity = z.object({ type: z.string().default(""), score: z.string() });

/** Of a record in the OSV format what says where Canonical fixed a vulnerability, and how urgent it finds it. */
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

/** What OSV's API answers to a query (OSV documentation, "POST /v1/query"). */
export const osvAnswer = z.object({ vulns: z.array(record).default([]), next_page_token: short.default("") });

/** The step from what is installed to what the archive has, of one source package. */
export interface Update {
  /** As OSV calls the release: `Ubuntu:24.04:LTS`, without what only Ubuntu Pro has. */
  readonly ecosystem: string;
  readonly source: string;
  readonly installed: string;
  readonly fixed: string;
}

const compare = versionComparer("dpkg");

/**
 * The step that an advisory is for an image, by the binary packages that have the source's version; undefined where none
 * has it: then the installed source package is unknown.
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
 * A kernel's vulnerabilities are its source's, `linux-aws`; what is updated is the package that depends on the newest one,
 * of `linux-meta-aws`, in the kernel's version: `6.8.0-1031.33`, before 24.04 `5.15.0.1031.33`.
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

/** Canonical's priorities (Ubuntu security, "Ubuntu CVE priorities"). `untriaged` is none. */
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

/** What an update fixes, of some of OSV's records. */
export const fixesOf = (update: Update, records: readonly OsvRecord[]): Fix[] =>
  records
    .filter((one) => isFixed(update, one))
    .map((one) => ({ id: one.id.replace(/^UBUNTU-(?=CVE-)/, ""), priority: priorityOf(update, one) }));

/**
 * How severe an update is: as the most severe of the vulnerabilities that it fixes. `unknown` where no record says that it
 * fixes one, and where one without a priority could be more severe than all others.
 */
export function severityOf(fixes: readonly Fix[]): { readonly severity: AdvisorySeverity; readonly cves: string[] } {
  const said = fixes.map(({ priority }) => priority);
  const most = said.reduce((highest, one) => Math.max(highest, ranks.indexOf(one)), -1);
  const isSure = !said.includes("unknown") || most >= ranks.indexOf("important");
  const cves = fixes.map(({ id }) => id).filter((id) => id.startsWith("CVE-"));
  return { severity: (isSure && ranks[most]) || "unknown", cves: [...new Set(cves)].toSorted() };
}

/** Notices (USN) and live patches (LSN) repeat vulnerabilities that have records of their own, without a priority. */
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
    // Not a Debian version: that it is fixed by the update cannot be excluded.
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** A package's own before the vulnerability's; older records have it in a field of Ubuntu's own (osv-schema #337). */
function priorityOf(update: Update, one: OsvRecord): AdvisorySeverity {
  const affected = affectedOf(update, one);
  const own = [...affected.flatMap((some) => some.severity), ...one.severity].filter(
    // osv.dev left the type out for a time (osv-scanner #2076).
    ({ type }) => type === "Ubuntu" || type === "",
  );
  const words = [...own.map(({ score }) => score), ...affected.map((some) => some.ecosystem_specific?.ubuntu_priority)];
  return words.map((word) => priorities[word ?? ""]).find((found) => found !== undefined) ?? "unknown";
}

/** How long an update may stay without a known severity: records follow the archive within hours. */
const PATIENCE_MS = 24 * 3_600_000;

/** When an update of unknown severity counts as important; undefined where no one is asked for its severity. */
export const countsFrom = ({ severity: known, unknownSince }: Pick<Advisory, "severity" | "unknownSince">) =>
  known === "unknown" && unknownSince !== undefined ? new Date(Date.parse(unknownSince) + PATIENCE_MS) : undefined;
