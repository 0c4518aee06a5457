import type { GateReason } from "../events/gate-decided.ts";
import type { WholeEvidence } from "./evidence.ts";
import type { GateThresholds } from "./factory/gate-schema.ts";
import type { Circumstances } from "./gate/circumstances.ts";
import { cisRules } from "./gate/cis-rule.ts";
import { cveRules } from "./gate/cve-rules.ts";
import { driftRules, packageRules } from "./gate/package-rules.ts";
import { ancestorRules, parentAgeRules } from "./gate/parent-rules.ts";
import { reason } from "./gate/rule.ts";
import { sizeRules } from "./gate/size-rule.ts";

export interface GateDecision {
  /** `needs-approval`: nothing but rules that ask are broken, and people can be asked. */
  readonly verdict: "passed" | "rejected" | "needs-approval";
  /** Every rule, with what was found, what was allowed, and the waivers that helped. */
  readonly reasons: GateReason[];
}

/** Whether a build may be distributed and shared. Missing evidence never passes: "no scan" is not "no findings". */
export function decideGate(
  evidence: WholeEvidence,
  thresholds: GateThresholds,
  circumstances: Circumstances,
): GateDecision {
  const { cve, cis, packages, drift, parent, sbom } = thresholds;
  const reasons = [
    testsPassed(evidence),
    ...cveRules(evidence, cve, circumstances),
    ...(cis ? cisRules(evidence, cis, circumstances) : []),
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
  return { verdict: "rejected", reasons: [...reasons, nobodyToAsk] };
}

const nobodyToAsk: GateReason = reason({
  rule: "approval",
  passed: false,
  found: "rules that ask are broken, and the config's `people` names nobody to ask",
  allowed: "at least one of `people`",
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
    allowed: "a bill of materials made during the build",
  });
