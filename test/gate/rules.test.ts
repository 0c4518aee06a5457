import { describe, expect, test } from "vitest";
import type { CisResult } from "../../core/evidence/cis.ts";
import type { WholeEvidence } from "../../core/evidence/evidence.ts";
import type { Circumstances } from "../../core/gate/rule.ts";
import { aBuild, cisWith, decide, evidenceWith, level1, MIB, ruleId, ruleOf, waiver } from "./an-evidence.ts";

const unlimited = { cve: { count: "all" } } as const;

describe("a CIS benchmark", () => {
  const content = { url: "https://example.com/ssg.xml", sha256: "0".repeat(64) };
  const baseline = { profile: level1, accepted: { [ruleId("tmp")]: "one volume" } };
  const cis = { content, profile: level1, baseline, leastChecks: 50, onViolation: "reject" as const };
  const gate = { ...unlimited, benchmark: cis };
  const withCis = (...about: Parameters<typeof cisWith>) => evidenceWith([], { cisResult: cisWith(...about) });

  test("failures of the baseline pass", () => {
    expect(ruleOf("cis", withCis(["tmp"]), gate)).toMatchObject({
      passed: true,
      found: "0 of 100 check(s) failed beyond the baseline's 1",
    });
  });

  test("another failure rejects, and is named with its title", () => {
    expect(decide(withCis(["tmp", "ssh"]), gate).verdict).toBe("rejected");
    expect(ruleOf("cis", withCis(["tmp", "ssh"]), gate)).toMatchObject({
      passed: false,
      found: "1 of 100 check(s) failed beyond the baseline's 1",
      examples: [`${ruleId("ssh")} (About ssh)`],
    });
  });

  test("another failure can be waived for a while", () => {
    const waivers = [waiver(ruleId("ssh"))];

    expect(decide(withCis(["tmp", "ssh"]), gate, { waivers }).verdict).toBe("passed");
  });

  test("another failure needs approval where the config says so", () => {
    const asking = { ...unlimited, benchmark: { ...cis, onViolation: "ask" as const } };

    expect(decide(withCis(["ssh"]), asking).verdict).toBe("needs-approval");
    expect(ruleOf("cis", withCis(["ssh"]), asking)?.asks).toBe(true);
  });

  describe("with STIG's categories", () => {
    const failures = [
      { rule: ruleId("tmp"), result: "fail", severity: "high" },
      { rule: ruleId("a"), result: "fail", severity: "high" },
      { rule: ruleId("b"), result: "fail", severity: "medium" },
      { rule: ruleId("c"), result: "error", severity: "low" },
      { rule: ruleId("d"), result: "fail" },
    ] as const;
    const found = evidenceWith([], { cisResult: { ...cisWith([]), failed: [...failures] } });
    const judge = (categories: object, changes?: Partial<Circumstances>) =>
      decide(found, { ...unlimited, benchmark: { ...cis, categories } }, changes);
    const rules = (...asked: Parameters<typeof judge>) =>
      judge(...asked)
        .reasons.filter(({ rule }) => rule.startsWith("stig-"))
        .map(({ rule, passed, found: said, allowed }) => ({ rule, passed, found: said, allowed }));

    test("each limit counts the failures of its category and of the worse ones, and unknown ones as the worst", () => {
      expect(rules({ I: 2, II: 2, III: 4 })).toEqual([
        {
          rule: "stig-category-I",
          passed: true,
          found: "2 of 100 check(s) of category I failed beyond the baseline's 1",
          allowed: "at most 2 failure(s) of category I beyond the baseline",
        },
        {
          rule: "stig-category-II",
          passed: false,
          found: "3 of 100 check(s) of category II or worse failed beyond the baseline's 1",
          allowed: "at most 2 failure(s) of category II or worse beyond the baseline",
        },
        expect.objectContaining({ rule: "stig-category-III", passed: true }),
      ]);
    });

    test("a category left out is not limited, and none has the rule without categories", () => {
      expect(rules({ III: 4 }).map(({ rule }) => rule)).toEqual(["stig-category-III"]);
      expect(judge({ III: 4 }).verdict).toBe("passed");
      expect(judge({ III: 3 }).verdict).toBe("rejected");
      expect(judge({ III: 4 }).reasons.map(({ rule }) => rule)).not.toContain("cis");
    });

    test("a waived failure does not count", () => {
      const waivers = [waiver(ruleId("a")), waiver(ruleId("d"))];

      expect(judge({ I: 0 }).verdict).toBe("rejected");
      expect(judge({ I: 0 }, { waivers }).verdict).toBe("passed");
    });
  });

  test.each([
    ["none", evidenceWith(), "no benchmark was evaluated"],
    ["one without a check", withCis([], { checks: 0 }), "0 check(s)"],
    ["one with too few checks", withCis([], { checks: 49 }), "49 check(s)"],
    ["one of another profile", withCis([], { profile: "other" }), "an evaluation of other by OpenSCAP"],
  ])("%s does not count as evidence: it rejects also where failures need approval", (_name, found, said) => {
    const asking = { ...unlimited, benchmark: { ...cis, onViolation: "ask" as const } };

    expect(decide(found, asking).verdict).toBe("rejected");
    expect(ruleOf("cis-checks", found, asking)).toMatchObject({ passed: false, found: said });
  });
});

describe("a CIS benchmark by Amazon Inspector", () => {
  const baseline = { level: 1 as const, accepted: { "1.1.2.1": "one volume" } };
  const cis = {
    by: "inspector" as const,
    level: 1 as const,
    baseline,
    leastChecks: 50,
    onViolation: "reject" as const,
  };
  const gate = { ...unlimited, benchmark: cis };
  const result = (failed: string[], changes: Partial<CisResult> = {}): WholeEvidence =>
    evidenceWith([], {
      cisResult: {
        by: "inspector",
        profile: "LEVEL_1",
        benchmark: "AMAZON_LINUX_2023",
        endedAt: "2026-04-15T01:50:00.000Z",
        checks: 100,
        failed: failed.map((rule) => ({ rule, title: `About ${rule}`, result: "fail" })),
        ...changes,
      },
    });

  test("failures of the baseline pass, by their numbers", () => {
    expect(decide(result(["1.1.2.1"]), gate).verdict).toBe("passed");
  });

  test("another failure rejects, and is named with its title", () => {
    expect(decide(result(["1.1.2.1", "5.2.4"]), gate).verdict).toBe("rejected");
    expect(ruleOf("cis", result(["1.1.2.1", "5.2.4"]), gate)?.examples).toEqual(["5.2.4 (About 5.2.4)"]);
  });

  test.each([
    ["without a check", { checks: 0 }, "0 check(s)"],
    ["of another level", { profile: "LEVEL_2" }, "an evaluation of LEVEL_2 by Amazon Inspector"],
    ["that failed", { incomplete: "Inspector's scan is FAILED" }, "0 check(s): Inspector's scan is FAILED"],
    [
      "of OpenSCAP's",
      { by: "openscap" as const, profile: level1 },
      "an evaluation of xccdf_org.example_profile_level1 by OpenSCAP",
    ],
  ])("one %s does not count as evidence: it rejects also where failures need approval", (_which, changes, found) => {
    const asking = { ...unlimited, benchmark: { ...cis, onViolation: "ask" as const } };

    expect(decide(result([], changes), asking).verdict).toBe("rejected");
    expect(ruleOf("cis-checks", result([], changes), asking)).toMatchObject({
      passed: false,
      found,
      allowed: "at least 50 check(s) of LEVEL_1, by Amazon Inspector",
    });
  });
});

describe("drift", () => {
  const drift = { added: 1, removed: 0, count: 2, onViolation: "ask" as const };
  const changed = (added: number, removed: number, before: number) =>
    evidenceWith([], {
      packages: { added, removed, changed: 9, examples: ["+ telnet 1"] },
      packageCountBefore: before,
    });

  test("the first build has nothing to be far from", () => {
    expect(decide(evidenceWith(), { ...unlimited, drift }).verdict).toBe("passed");
    expect(ruleOf("drift-added", evidenceWith(), { ...unlimited, drift })?.found).toBe(
      "no promoted build to compare with",
    );
  });

  test("too many packages need approval, and the question lists them", () => {
    const { verdict, reasons } = decide(changed(2, 0, 3), { ...unlimited, drift });

    expect(verdict).toBe("needs-approval");
    expect(reasons.filter(({ passed }) => !passed)).toEqual([
      {
        rule: "drift-added",
        passed: false,
        found: "2 package(s) added",
        allowed: "at most 1",
        examples: ["+ telnet 1"],
        asks: true,
      },
    ]);
  });

  test("a count can be off in both directions", () => {
    expect(ruleOf("drift-count", changed(0, 0, 6), { ...unlimited, drift })?.passed).toBe(false);
    expect(ruleOf("drift-count", changed(0, 0, 0), { ...unlimited, drift })?.passed).toBe(false);
    expect(ruleOf("drift-count", changed(0, 0, 5), { ...unlimited, drift })?.passed).toBe(true);
  });

  test("rejects where no approver is configured, and says so", () => {
    const { verdict, reasons } = decide(changed(2, 0, 3), { ...unlimited, drift }, { canAsk: false });

    expect(verdict).toBe("rejected");
    expect(reasons.at(-1)).toMatchObject({
      rule: "approval",
      passed: false,
      allowed: "at least one entry in `people`",
    });
  });

  test("is not asked about where another rule rejects anyway", () => {
    const both = { ...changed(2, 0, 3), tests: [] };

    expect(decide(both, { ...unlimited, drift }).verdict).toBe("rejected");
  });
});

describe("drift in size", () => {
  const drift = { sizeMiB: 100, onViolation: "ask" as const };
  const gate = { ...unlimited, drift };
  const sized = (bytes: number | undefined, before?: number | "unknown") =>
    evidenceWith([], {
      imageSize: {
        ...(bytes !== undefined && { bytes: bytes * MIB }),
        ...(before !== undefined && {
          before: { build: aBuild, ...(before !== "unknown" && { bytes: before * MIB }) },
        }),
      },
    });

  test("the first build has nothing to be far from, whatever its size", () => {
    for (const first of [sized(1800), sized(undefined)]) {
      expect(ruleOf("drift-size", first, gate)).toMatchObject({
        passed: true,
        found: "no promoted build to compare with",
      });
    }
  });

  test.each([
    [1900, 1800, true, "1900 MiB, 100 MiB more than build 1.2.3/4"],
    [1700, 1800, true, "1700 MiB, 100 MiB less than build 1.2.3/4"],
    [1900.01, 1800, false, "1900.1 MiB, 100.1 MiB more than build 1.2.3/4"],
    [1699, 1800, false, "1699 MiB, 101 MiB less than build 1.2.3/4"],
  ])("%d MiB after %d MiB passes: %s", (now, before, passed, found) => {
    expect(ruleOf("drift-size", sized(now, before), gate)).toMatchObject({
      passed,
      found,
      allowed: "at most 100 MiB more or less",
    });
  });

  test.each([
    ["of this build", sized(undefined, 1800), "unknown size"],
    ["of the promoted build", sized(1800, "unknown"), "the size of build 1.2.3/4 is unknown"],
  ])("an unknown size %s is neither zero nor unchanged: it needs approval", (_whose, evidence, found) => {
    expect(decide(evidence, gate).verdict).toBe("needs-approval");
    expect(ruleOf("drift-size", evidence, gate)).toMatchObject({ passed: false, found });
  });

  test("evidence without sizes does not count as evidence", () => {
    const { imageSize: _, ...silent } = evidenceWith();

    expect(ruleOf("drift-size", silent, gate)).toMatchObject({ passed: false, found: "unknown size" });
  });
});
