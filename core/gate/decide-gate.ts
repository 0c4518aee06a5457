import type { GateReason } from "../../events/gate.ts";
import type { WholeEvidence } from "../evidence/evidence.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import { cisRules } from "./cis-rule.ts";
import { cveRules } from "./cve-rules.ts";
import { ancestorRules, driftRules, packageRules, parentAgeRules, sizeRules } from "./drift-rules.ts";
import { type Circumstances, reason } from "./rule.ts";

export interface GateDecision {
  /** `needs-approval`: all broken rules have `onViolation: "ask"`, and the config has approvers. */
  readonly verdict: "passed" | "rejected" | "needs-approval";
  /** Every rule, with what was found, what is allowed, and the waivers that were used. */
  readonly reasons: GateReason[];
}

/** Decides whether a build may be distributed and shared. Missing evidence never passes. */
export function decideGate(
  evidence: WholeEvidence,
  thresholds: GateThresholds,
  circumstances: Circumstances,
): GateDecision {
  const { cve, benchmark, packages, drift, parent, sbom } = thresholds;
  const reasons = [
    testsPassed(evidence),
    ...cveRules(evidence, cve, circumstances),
    ...(benchmark ? cisRules(evidence, benchmark, circumstances) : []),
    ...(packages ? packageRules(evidence, packages) : []),
    ...(drift ? [...driftRules(evidence, drift), ...sizeRules(evidence, drift)] : []),
    ...ancestorRules(evidence, circumstances),
    ...(parent ? parentAgeRules(evidence, parent, circumstances) : []),
    ...(sbom ? [sbomKept(evidence)] : []),
  ];
  const broken = reasons.filter(({ passed }) => !passed);
  if (broken.length === 0) return { verdict: "passed", reasons };
  if (broken.some(({ asks }) => !asks)) return { verdict: "rejected", reasons };
  if (circumstances.canAsk) return { verdict: "needs-approval", reasons };
  return { verdict: "rejected", reasons: [...reasons, noApprovers] };
}

const noApprovers: GateReason = reason({
  rule: "approval",
  passed: false,
  found: "broken rules need approval, but the config's `people` is empty",
  allowed: "at least one entry in `people`",
});

function testsPassed({ tests, components }: WholeEvidence): GateReason {
  const failed = tests.filter(({ status }) => status !== "COMPLETED");
  const broken = components.filter(({ status }) => status === "failed");
  return reason({
    rule: "tests",
    passed: tests.length > 0 && failed.length + broken.length === 0,
    found:
      tests.length === 0 ? "no test ran" : `${tests.length - failed.length} of ${tests.length} test steps completed`,
    allowed: "every test step completed, at least one",
    examples: [
      ...failed.map(({ name, status }) => `${name}: ${status}`),
      ...broken.map(({ component, step, reason: why }) => [component, step, why].filter(Boolean).join(": ")),
    ],
  });
}

const sbomKept = ({ sbom }: WholeEvidence): GateReason =>
  reason({
    rule: "sbom",
    passed: sbom !== undefined,
    found: sbom ? `${sbom.format} with ${sbom.components} component(s)` : "none",
    allowed: "an SBOM created during the build",
  });
