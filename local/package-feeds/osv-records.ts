import * as z from "zod";
import type { Publication } from "./publication.ts";

/** Path of queries, as in OSV's API. */
export const OSV_PATH = "/osv/v1/query";

/** `Ubuntu:24.04:LTS`, and `Ubuntu:Pro:24.04:LTS` for packages that only subscribers get. */
const ecosystemOf = ({ os, pro }: Publication): string =>
  os.replace(/^ubuntu-(\d\d)(\d\d)$/, `Ubuntu:${pro ? "Pro:" : ""}$1.$2:LTS`);

const priorities = { unknown: "untriaged", low: "low", medium: "medium", important: "high", critical: "critical" };

const question = z.object({ package: z.object({ ecosystem: z.string(), name: z.string() }), version: z.string() });

/**
 * OSV's answer for a source package: one record per vulnerability that a publication with an advisory fixed, as Canonical
 * writes them, regardless of the installed version. Undefined if the body is not a valid query.
 */
export function osvAnswerTo(body: string, publications: readonly Publication[]): Buffer | undefined {
  const asked = question.safeParse(toJson(body));
  if (!asked.success) return undefined;
  const { ecosystem, name } = asked.data.package;
  const vulns = publications.flatMap((publication) => {
    const { advisory, packages } = publication;
    const fixed = packages.find(({ name: binary, source = binary }) => source === name)?.version;
    if (ecosystemOf(publication) !== ecosystem || !advisory || fixed === undefined) return [];
    const affected = [
      { package: { ecosystem, name }, ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed }] }] },
    ];
    return advisory.cves.map((cve) => ({
      id: `UBUNTU-${cve}`,
      upstream: [cve],
      related: [advisory.id],
      severity: [{ type: "Ubuntu", score: priorities[advisory.severity] }],
      affected,
    }));
  });
  return Buffer.from(JSON.stringify(vulns.length > 0 ? { vulns } : {}));
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
