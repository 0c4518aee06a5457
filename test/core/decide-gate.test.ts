import { expect, test } from "vitest";
import { decideGate } from "../../core/decide-gate.ts";
import { type Evidence, type Finding, summariseFindings } from "../../core/evidence.ts";

const finding = (severity: string, fixable: boolean, id = "CVE-2026-99901"): Finding => ({
  id,
  severity,
  packages: ["openssl 3.2.2"],
  fixable,
});

const evidence = (findings: Finding[] = [], changes: Partial<Evidence> = {}): Evidence => ({
  collectedAt: "2026-04-15T02:00:00Z",
  tests: [{ name: "ApplyTestComponents", status: "COMPLETED" }],
  cve: { scan: "COMPLETED", ...summariseFindings(findings) },
  packageCount: 400,
  key: "evidence/x.json",
  ...changes,
});

const none = { cve: { critical: 0, high: 0, count: "fixable" } } as const;

test("a tested build without findings passes, and every rule says why", () => {
  const { verdict, reasons } = decideGate(evidence(), none);
  expect(verdict).toBe("passed");
  expect(reasons.map(({ rule, passed }) => [rule, passed])).toEqual([
    ["tests", true],
    ["cve-scan", true],
    ["cve-critical", true],
    ["cve-high", true],
  ]);
});

test("a fixable critical finding rejects, and is named", () => {
  const { verdict, reasons } = decideGate(evidence([finding("critical", true)]), none);
  expect(verdict).toBe("rejected");
  expect(reasons.find(({ passed }) => !passed)).toEqual({
    rule: "cve-critical",
    passed: false,
    found: "1 fixable critical finding(s)",
    allowed: "at most 0",
    examples: ["CVE-2026-99901 (openssl 3.2.2)"],
  });
});

test("a finding that nothing fixes yet passes where only fixable ones count, and not where all do", () => {
  const found = evidence([finding("critical", false)]);
  expect(decideGate(found, none).verdict).toBe("passed");
  expect(decideGate(found, { cve: { critical: 0, count: "all" } }).verdict).toBe("rejected");
});

test("a severity without a threshold is not limited", () => {
  expect(decideGate(evidence([finding("medium", true)]), none).verdict).toBe("passed");
});

test.each(["PENDING", "SCANNING", "ABANDONED", "FAILED", "none"])(
  "a scan that is %s is no evidence and rejects",
  (scan) => {
    const { verdict } = decideGate(evidence([], { cve: { scan, ...summariseFindings([]) } }), none);
    expect(verdict).toBe("rejected");
  },
);

test("a build without a test is rejected", () => {
  expect(decideGate(evidence([], { tests: [] }), none).verdict).toBe("rejected");
});

test("all findings count, although only the fifty most severe are kept", () => {
  const many = Array.from({ length: 120 }, (_, n) => finding(n < 60 ? "high" : "critical", true, `CVE-${n}`));
  const { counts, findings } = summariseFindings(many);
  expect(counts.critical.all).toBe(60);
  expect(findings).toHaveLength(50);
  expect(findings.every(({ severity }) => severity === "critical")).toBe(true);
});
