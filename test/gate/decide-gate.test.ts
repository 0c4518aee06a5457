import { describe, expect, test } from "vitest";
import { markExploited, summariseFindings } from "../../core/evidence/evidence.ts";
import { aBuild, aFinding, decide, evidenceWith, ruleOf, waiver } from "./an-evidence.ts";

const fixable = { cve: { critical: 0, high: 0, count: "fixable" } } as const;
const unlimited = { cve: { count: "all" } } as const;

test("findings that are exploited are counted by themselves, whatever their severity", () => {
  const gate = { cve: { count: "all", knownExploited: 0 } } as const;
  const withList = (findings: Parameters<typeof markExploited>[0], cves: string[]) => {
    const marked = markExploited(findings, new Set(cves), new Date("2026-04-14T12:00:00Z"));
    const evidence = evidenceWith(marked.findings);
    return { ...evidence, cve: { ...evidence.cve, knownExploited: marked.knownExploited } };
  };
  const rule = (...asked: Parameters<typeof withList>) => ruleOf("cve-known-exploited", withList(...asked), gate);
  const low = aFinding("low", false, "CVE-2026-1");

  expect(rule([low], ["CVE-2026-1"])).toMatchObject({
    passed: false,
    found: "1 finding(s) in CISA's catalog of 2026-04-14",
    allowed: "at most 0",
    examples: ["CVE-2026-1 (openssl 3.2.2)"],
  });
  expect(rule([low], ["CVE-2026-2"])).toMatchObject({ passed: true });
  const waived = { waivers: [waiver("CVE-2026-1")] };
  expect(ruleOf("cve-known-exploited", withList([low], ["CVE-2026-1"]), gate, waived)).toMatchObject({
    passed: true,
    found: "0 finding(s) in CISA's catalog of 2026-04-14, 1 more waived",
  });
  expect(ruleOf("cve-known-exploited", evidenceWith(), gate)).toMatchObject({
    passed: false,
    found: "CISA's catalog of exploited CVEs could not be read",
  });
  expect(ruleOf("cve-known-exploited", evidenceWith(), unlimited)).toBeUndefined();
});

test("a tested build without findings passes, and every rule says why", () => {
  const { verdict, reasons } = decide(evidenceWith(), fixable);

  expect(verdict).toBe("passed");
  expect(reasons.map(({ rule, passed }) => [rule, passed])).toEqual([
    ["tests", true],
    ["cve-scan", true],
    ["cve-critical", true],
    ["cve-high", true],
  ]);
});

describe("CVE findings", () => {
  test("a fixable critical one rejects, and is named", () => {
    const { verdict, reasons } = decide(evidenceWith([aFinding("critical")]), {
      cve: { critical: 0, count: "fixable" },
    });

    expect(verdict).toBe("rejected");
    expect(reasons.find(({ passed }) => !passed)).toEqual({
      rule: "cve-critical",
      passed: false,
      found: "1 fixable critical finding(s)",
      allowed: "at most 0",
      examples: ["CVE-2026-99901 (openssl 3.2.2)"],
    });
  });

  test("one that nothing fixes yet passes where only fixable ones count, and not where all do", () => {
    const found = evidenceWith([aFinding("critical", false)]);

    expect(decide(found, fixable).verdict).toBe("passed");
    expect(decide(found, { cve: { critical: 0, count: "all" } }).verdict).toBe("rejected");
  });

  test("a severity without a threshold is not limited", () => {
    expect(decide(evidenceWith([aFinding("medium")]), fixable).verdict).toBe("passed");
  });

  test("one that is worse than a limited severity counts along, so that getting worse never makes room", () => {
    const gate = { cve: { high: 1, count: "all" } } as const;
    const [a, b] = [aFinding("high", true, "CVE-1"), aFinding("high", true, "CVE-2")];

    expect(decide(evidenceWith([a, b]), gate).verdict).toBe("rejected");
    expect(decide(evidenceWith([a, { ...b, severity: "critical" }]), gate).verdict).toBe("rejected");
    expect(ruleOf("cve-high", evidenceWith([a, { ...b, severity: "critical" }]), gate)).toMatchObject({
      found: "2 high or worse finding(s)",
      examples: [expect.stringContaining("CVE-2"), expect.stringContaining("CVE-1")],
    });
  });

  test("more than fifty all count, although the ledger keeps the fifty most severe", () => {
    const many = Array.from({ length: 120 }, (_, n) => aFinding(n < 60 ? "high" : "critical", true, `CVE-${n}`));

    expect(ruleOf("cve-critical", evidenceWith(many), { cve: { critical: 59, count: "all" } })).toMatchObject({
      passed: false,
      found: "60 critical finding(s)",
    });
    expect(summariseFindings(many).findings).toHaveLength(50);
    expect(summariseFindings(many).findings.every(({ severity }) => severity === "critical")).toBe(true);
  });

  test("a score above the limit rejects, whatever its severity; findings without a score pass", () => {
    const gate = { cve: { count: "all", score: 8.9 } } as const;

    expect(decide(evidenceWith([aFinding("medium", true, "CVE-1", 8.9), aFinding("high")]), gate).verdict).toBe(
      "passed",
    );
    expect(ruleOf("cve-score", evidenceWith([aFinding("medium", true, "CVE-1", 9.8)]), gate)).toMatchObject({
      passed: false,
      found: "highest score 9.8, 1 finding(s) above the limit",
      allowed: "a score of at most 8.9",
      examples: ["CVE-1 (openssl 3.2.2): 9.8"],
    });
  });

  test.each(["PENDING", "SCANNING", "ABANDONED", "FAILED", "none"])(
    "a scan that is %s does not count as evidence and rejects",
    (scan) => {
      expect(decide(evidenceWith([], { cve: { scan, ...summariseFindings([]) } }), unlimited).verdict).toBe("rejected");
    },
  );
});

describe("tests", () => {
  test("a build without one is rejected", () => {
    expect(decide(evidenceWith([], { tests: [] }), unlimited).verdict).toBe("rejected");
  });

  test("a component that failed is named with its step", () => {
    const components = [{ component: "acme-smoke", status: "failed", step: "Ping", reason: "no answer" } as const];

    expect(ruleOf("tests", evidenceWith([], { components }), unlimited)).toMatchObject({
      passed: false,
      examples: ["acme-smoke: Ping: no answer"],
    });
  });
});

describe("a waiver", () => {
  const found = evidenceWith([aFinding("critical", true, "CVE-1"), aFinding("critical", true, "CVE-2")]);
  const gate = { cve: { critical: 1, count: "all", score: 5 } } as const;

  test("takes its finding away from what counts, and is listed with owner, end and reason", () => {
    expect(ruleOf("cve-critical", found, gate, { waivers: [waiver("CVE-1")] })).toEqual({
      rule: "cve-critical",
      passed: true,
      found: "1 critical finding(s), 1 more waived",
      allowed: "at most 1",
      examples: ["CVE-2 (openssl 3.2.2)"],
      waived: ["CVE-1 waived by security until 2026-04-15: not reachable"],
    });
  });

  test.each([
    ["one that ended yesterday", { until: "2026-04-14" }],
    ["one of another image", { image: "base" }],
  ])("%s does not help", (_name, changes) => {
    const reason = ruleOf("cve-critical", found, gate, { waivers: [waiver("CVE-1", changes)] });

    expect(reason).toMatchObject({ passed: false, found: "2 critical finding(s)" });
    expect(reason).not.toHaveProperty("waived");
  });

  test("one of all images helps each", () => {
    expect(decide(found, gate, { waivers: [waiver("CVE-1", { image: "*" })] }).verdict).toBe("passed");
  });

  test("helps against the score, too", () => {
    const scored = evidenceWith([aFinding("low", true, "CVE-1", 9)]);

    expect(decide(scored, gate).verdict).toBe("rejected");
    expect(ruleOf("cve-score", scored, gate, { waivers: [waiver("CVE-1")] })).toMatchObject({
      passed: true,
      found: "highest score 0, 0 finding(s) above the limit, 1 more waived",
    });
  });
});

describe("packages", () => {
  const gate = { ...unlimited, packages: { required: ["bash", "auditd"], forbidden: ["telnet", "rsh"] } };

  test("one that is missing and one that must not be there are both named", () => {
    const { verdict, reasons } = decide(evidenceWith(), gate);

    expect(verdict).toBe("rejected");
    expect(reasons.filter(({ passed }) => !passed)).toMatchObject([
      { rule: "packages-required", found: "1 of 2 installed", examples: ["auditd is missing"] },
      { rule: "packages-forbidden", found: "1 of 2 installed", examples: ["telnet is installed"] },
    ]);
  });
});

describe("the parent", () => {
  const parent = { maxAge: 30 * 86_400, onViolation: "reject" as const };

  test("a revoked one rejects, with the reason", () => {
    const revoked = [{ build: aBuild, reason: "leaked key" }];

    expect(
      ruleOf("parent-revoked", evidenceWith([], { parent: { build: aBuild } }), unlimited, { revoked }),
    ).toMatchObject({ passed: false, examples: [`${aBuild}: leaked key`] });
  });

  test.each([
    ["2026-03-16T03:00:00Z", true, "30 days"],
    ["2026-03-16T02:00:00Z", false, "30.1 days"],
    ["2026-03-01T03:00:00Z", false, "45 days"],
  ])("one that has existed since %s passes: %s", (since, passed, found) => {
    expect(ruleOf("parent-age", evidenceWith([], { parent: { since } }), { ...unlimited, parent })).toMatchObject({
      passed,
      found,
    });
  });

  test("one of unknown age is too old", () => {
    expect(decide(evidenceWith([], { parent: {} }), { ...unlimited, parent }).verdict).toBe("rejected");
  });
});

test("a bill of materials that is required and missing rejects", () => {
  const gate = { ...unlimited, sbom: "required" as const };
  const sbom = { format: "CycloneDX 1.5", components: 3, key: "evidence/x/sbom.cdx.json" };

  expect(decide(evidenceWith(), gate).verdict).toBe("rejected");
  expect(decide(evidenceWith([], { sbom }), gate).verdict).toBe("passed");
});
