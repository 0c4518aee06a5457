import { describe, expect, test } from "vitest";
import type { WholeEvidence } from "../../core/evidence/evidence.ts";
import type { GateThresholds } from "../../core/factory/gate-schema.ts";
import { decideGate } from "../../core/gate/decide-gate.ts";
import type { Circumstances } from "../../core/gate/rule.ts";
import { aBuild, circumstances, evidenceWith, MIB } from "./an-evidence.ts";

const unlimited = { cve: { count: "all" } } as const;

const decide = (evidence: WholeEvidence, gate: GateThresholds, changes: Partial<Circumstances> = {}) =>
  decideGate(evidence, gate, circumstances(changes));
const ruleOf = (name: string, ...asked: Parameters<typeof decide>) =>
  decide(...asked).reasons.find(({ rule }) => rule === name);

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

    expect(ruleOf("drift-size", silent, gate)).toMatchObject({
      passed: false,
      found: "unknown size",
    });
  });
});
