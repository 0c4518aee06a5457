import type { CisResult } from "../../core/evidence/cis.ts";
import { type Finding, summariseFindings, type WholeEvidence } from "../../core/evidence/evidence.ts";
import type { GateThresholds } from "../../core/factory/gate-schema.ts";
import { decideGate } from "../../core/gate/decide-gate.ts";
import type { Circumstances } from "../../core/gate/rule.ts";
import { parseBuildArn } from "../../events/ids.ts";

export const MIB = 2 ** 20;

export const aFinding = (severity: string, fixable = true, id = "CVE-2026-99901", score?: number): Finding => ({
  id,
  severity,
  packages: ["openssl 3.2.2"],
  fixable,
  ...(score !== undefined && { score }),
});

/** A tested and scanned build with findings, and a case's other evidence. */
export const evidenceWith = (findings: Finding[] = [], changes: Partial<WholeEvidence> = {}): WholeEvidence => ({
  collectedAt: "2026-04-15T02:00:00Z",
  sources: [],
  tests: [{ name: "ApplyTestComponents", status: "COMPLETED" }],
  components: [],
  cve: { scan: "COMPLETED", ...summariseFindings(findings) },
  imageSize: { bytes: 1800 * MIB },
  findings,
  manifest: { packages: ["bash", "openssl", "telnet"].map((name) => ({ name, version: "1", architecture: "x86_64" })) },
  packageCount: 3,
  key: "evidence/x.json",
  ...changes,
});

export const level1 = "xccdf_org.example_profile_level1";
export const ruleId = (name: string): string => `xccdf_org.example_rule_${name}`;

export const cisWith = (failed: string[], changes: Partial<CisResult> = {}): CisResult => ({
  by: "openscap",
  profile: level1,
  benchmark: "xccdf_org.example_benchmark_small",
  endedAt: "2026-04-15T01:50:00Z",
  checks: 100,
  failed: failed.map((name) => ({ rule: ruleId(name), title: `About ${name}`, result: "fail" })),
  ...changes,
});

export const circumstances = (changes: Partial<Circumstances> = {}): Circumstances => ({
  image: "web",
  waivers: [],
  now: new Date("2026-04-15T03:00:00Z"),
  revoked: [],
  canAsk: true,
  ...changes,
});

export const decide = (evidence: WholeEvidence, gate: GateThresholds, changes: Partial<Circumstances> = {}) =>
  decideGate(evidence, gate, circumstances(changes));
export const ruleOf = (name: string, ...asked: Parameters<typeof decide>) =>
  decide(...asked).reasons.find(({ rule }) => rule === name);

export const waiver = (finding: string, changes: object = {}) => ({
  finding,
  image: "web",
  owner: "security",
  reason: "not reachable",
  until: "2026-04-15",
  ...changes,
});

export const aBuild = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.2.3/4");
