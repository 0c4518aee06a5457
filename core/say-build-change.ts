import type { GateReason } from "../events/gate-decided.ts";
import type { BuildArn } from "../events/ids.ts";
import type { Trigger } from "../events/trigger.ts";
import { buildVersion } from "./build-arn.ts";
import { compareFindings } from "./compare-findings.ts";
import type { Evidence, Finding } from "./evidence.ts";
import { sayWhy } from "./explain-triggers.ts";
import { MOST_ADVISORIES } from "./notice.ts";

/** What is known of a build that is to take another's place in a channel. */
export interface BuildChange {
  readonly image: string;
  readonly triggers: readonly Trigger[];
  /** The build that the channel points at; left out where it points at none. */
  readonly previous?: BuildArn | undefined;
  readonly evidence?: Evidence | undefined;
  readonly evidenceBefore?: Evidence | undefined;
  readonly gate?: readonly GateReason[] | undefined;
}

/** Findings and waivers that a notice names; further ones are counted. */
const MOST_NAMED = 10;

/** What changes for whoever follows the channel, as lines for people who decide about it. */
export const sayBuildChange = (change: BuildChange): string[] => [
  change.previous ? `In place of: ${buildVersion(change.previous)}` : "In place of: nothing",
  ...sayWhy(change.image, change.triggers, MOST_ADVISORIES),
  ...sayPackages(change.evidence),
  ...sayFindings(change),
  ...sayGate(change.gate ?? []),
];

function sayPackages(evidence: Evidence | undefined): string[] {
  const packages = evidence?.packages;
  if (!packages) return [];
  const { changed, added, removed, examples } = packages;
  return [
    `Packages: ${changed} changed, ${added} added, ${removed} removed`,
    ...examples.map((example) => `  ${example}`),
  ];
}

function sayFindings({ evidence, evidenceBefore }: BuildChange): string[] {
  if (!evidence) return ["CVEs: unknown, no evidence is kept"];
  const found = compareFindings(evidence.cve, evidenceBefore?.cve);
  if (!found) return [`CVEs: unknown, the scan ended ${evidence.cve.scan}`];
  const counts = found.counts.map(({ severity, before, now }) =>
    before === undefined ? `${severity} ${now}` : `${severity} ${before} → ${now}`,
  );
  return [
    `CVEs: ${counts.join(", ")}`,
    ...named(
      "Closed",
      (found.closed ?? []).map(({ id, severity }) => `${id} (${severity})`),
    ),
    ...named("Left", found.left.map(sayFinding)),
  ];
}

const sayFinding = ({ id, severity, fixable }: Finding): string => `${id} (${severity}${fixable ? ", fixable" : ""})`;

function sayGate(reasons: readonly GateReason[]): string[] {
  const open = reasons.filter(({ passed }) => !passed);
  return [
    ...named("Waivers used", [...new Set(reasons.flatMap(({ waived = [] }) => waived))]),
    ...(open.length > 0 ? ["The gate leaves to you:"] : []),
    ...open.map(({ rule, found, allowed }) => `  ${rule}: ${found}, ${allowed}`),
  ];
}

/** One line; nothing where there is nothing to name. */
function named(what: string, all: readonly string[]): string[] {
  if (all.length === 0) return [];
  const rest = all.length - MOST_NAMED;
  return [`${what}: ${all.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`];
}
