import type { GateReason } from "../events/gate-decided.ts";
import { type Evidence, type Severity, severities } from "./evidence.ts";
import type { GateThresholds } from "./factory/image-schema.ts";

export interface GateDecision {
  readonly verdict: "passed" | "rejected";
  /** Every rule, with what was found and what was allowed. */
  readonly reasons: GateReason[];
}

/** Whether a build may be distributed and shared. Missing evidence never passes: "no scan" is not "no findings". */
export function decideGate(evidence: Evidence, thresholds: GateThresholds): GateDecision {
  const reasons = [testsPassed(evidence), scanCompleted(evidence), ...findingsWithin(evidence, thresholds)];
  return { verdict: reasons.every(({ passed }) => passed) ? "passed" : "rejected", reasons };
}

function testsPassed({ tests }: Evidence): GateReason {
  const failed = tests.filter(({ status }) => status !== "COMPLETED");
  return {
    rule: "tests",
    passed: tests.length > 0 && failed.length === 0,
    found:
      tests.length === 0 ? "no test ran" : `${tests.length - failed.length} of ${tests.length} test steps completed`,
    allowed: "every test step completed, at least one",
    examples: failed.slice(0, 10).map(({ name, status }) => `${name}: ${status}`),
  };
}

function scanCompleted({ cve }: Evidence): GateReason {
  return {
    rule: "cve-scan",
    passed: cve.scan === "COMPLETED",
    found: `scan ${cve.scan}`,
    allowed: "scan COMPLETED",
    examples: [],
  };
}

const findingsWithin = (evidence: Evidence, thresholds: GateThresholds): GateReason[] =>
  severities.flatMap((severity) => {
    const most = thresholds.cve[severity];
    return most === undefined ? [] : [findingsOf(severity, most, evidence, thresholds.cve.count)];
  });

function findingsOf(severity: Severity, most: number, { cve }: Evidence, counted: "all" | "fixable"): GateReason {
  const count = cve.counts[severity][counted];
  const kind = counted === "fixable" ? `fixable ${severity}` : severity;
  return {
    rule: `cve-${severity}`,
    passed: count <= most,
    found: `${count} ${kind} finding(s)`,
    allowed: `at most ${most}`,
    examples: cve.findings
      .filter((finding) => finding.severity === severity && (counted === "all" || finding.fixable))
      .slice(0, 10)
      .map(({ id, packages }) => `${id} (${packages.join(", ")})`),
  };
}
