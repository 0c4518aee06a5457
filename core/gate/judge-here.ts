import type { GateReason } from "../../events/gate.ts";
import type { Evidence, WholeEvidence } from "../evidence/evidence.ts";
import { type Manifest, packagesDigest } from "../evidence/manifest.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import { decideGate, type GateDecision } from "./decide-gate.ts";
import type { Circumstances } from "./rule.ts";

/** The evidence of a build on the user's machine. */
export interface LocalEvidence extends Pick<Evidence, "tests" | "components"> {
  readonly manifest: Manifest;
  readonly sbom: Evidence["sbom"];
  readonly at: string;
}

export interface LocalDecision extends GateDecision {
  /** Rules of the config that need AWS: a scan, earlier builds, the ledger. */
  readonly notJudged: readonly string[];
}

/** Rules whose evidence does not need AWS. */
const LOCAL: ReadonlySet<string> = new Set(["tests", "sbom", "packages-required", "packages-forbidden"]);

/** The gate's decision on a build outside AWS, by the rules that do not need AWS. */
export function judgeHere(
  local: LocalEvidence,
  thresholds: GateThresholds,
  circumstances: Circumstances,
): LocalDecision {
  const { reasons } = decideGate(toWhole(local), thresholds, circumstances);
  const judged = reasons.filter(({ rule }) => LOCAL.has(rule));
  const broken = judged.filter(({ passed }) => !passed);
  return {
    verdict: broken.length === 0 ? "passed" : verdictOf(broken, circumstances),
    reasons: judged,
    notJudged: rulesBesides(reasons, thresholds),
  };
}

const verdictOf = (broken: readonly GateReason[], { canAsk }: Circumstances): GateDecision["verdict"] =>
  canAsk && broken.every(({ asks }) => asks) ? "needs-approval" : "rejected";

/** The rules that were not judged. Some rules apply only after the first build, so they are derived from the thresholds. */
function rulesBesides(reasons: readonly GateReason[], { drift, benchmark, cve }: GateThresholds): string[] {
  const { count, ...limits } = cve;
  // Without a limit on findings no scan is required.
  const unasked = new Set(["approval", ...(Object.keys(limits).length > 0 ? [] : ["cve-scan"])]);
  const named = reasons.flatMap(({ rule }) => (LOCAL.has(rule) || unasked.has(rule) ? [] : [rule]));
  return [...new Set([...named, ...(benchmark ? ["cis"] : []), ...(drift ? ["drift"] : [])])];
}

function toWhole({ tests, components, manifest, sbom, at }: LocalEvidence): WholeEvidence {
  const none = { all: 0, fixable: 0 };
  return {
    collectedAt: at,
    sources: [],
    tests,
    components,
    cve: { scan: "none", counts: { critical: none, high: none, medium: none }, findings: [] },
    packageCount: manifest.packages.length,
    packagesDigest: packagesDigest(manifest),
    ...(sbom && { sbom }),
    key: "",
    findings: [],
    manifest,
  };
}
