import fc from "fast-check";
import { expect, test } from "vitest";
import { decideGate } from "../../core/gate/decide-gate.ts";
import { anyCase, type Case, expiredWaiver, severities, TODAY } from "./random-gates.ts";
import { worsening } from "./worse.ts";

const verdicts = ["rejected", "needs-approval", "passed"] as const;
const decide = ({ evidence, gate, circumstances }: Case) => decideGate(evidence, gate, circumstances);
const rank = (some: Case): number => verdicts.indexOf(decide(some).verdict);

const RUNS = { numRuns: 5_000 };

test("the cases come out each way", () => {
  const seen = fc.sample(anyCase, { numRuns: 2_000, seed: 1 }).map((some) => decide(some).verdict);

  for (const verdict of verdicts) expect(seen.filter((one) => one === verdict).length, verdict).toBeGreaterThan(100);
});

test("more or worse findings, less evidence and fewer waivers never make a verdict better", () => {
  fc.assert(
    fc.property(anyCase, fc.array(worsening, { minLength: 1, maxLength: 4 }), (some, changes) => {
      const worse = changes.reduce((one, change) => change(one), some);
      expect(rank(worse)).toBeLessThanOrEqual(rank(some));
    }),
    RUNS,
  );
});

test("an expired waiver changes nothing at all", () => {
  fc.assert(
    fc.property(anyCase, fc.array(expiredWaiver, { minLength: 1, maxLength: 4 }), (some, expired) => {
      const waivers = [...expired, ...some.circumstances.waivers];
      expect(decide({ ...some, circumstances: { ...some.circumstances, waivers } })).toEqual(decide(some));
    }),
    RUNS,
  );
});

test("a verdict explains itself: what did not pass names a broken rule, what was found and what is allowed", () => {
  fc.assert(
    fc.property(anyCase, (some) => {
      const { verdict, reasons } = decide(some);
      const broken = reasons.filter(({ passed }) => !passed);
      expect(broken.length === 0).toBe(verdict === "passed");
      for (const { rule, found, allowed } of broken) {
        expect(rule).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(found).not.toBe("");
        expect(allowed).not.toBe("");
        expect(found).not.toBe(allowed);
      }
      if (verdict === "needs-approval") expect(broken.every(({ asks }) => asks)).toBe(true);
      expect(new Set(reasons.map(({ rule }) => rule)).size).toBe(reasons.length);
    }),
    RUNS,
  );
});

test("the numbers it gives are those of a plain count, and the waivers it lists are in date and of the image", () => {
  fc.assert(
    fc.property(anyCase, (some) => {
      const { evidence, gate, circumstances } = some;
      const inDate = circumstances.waivers.filter(({ image, until }) => image !== "base" && until >= TODAY);
      const isWaived = (id: string) => inDate.some((waiver) => waiver.finding === id);
      for (const { rule, found, passed, waived = [] } of decide(some).reasons) {
        const severity = /^cve-(critical|high|medium)$/.exec(rule)?.[1] as "critical" | undefined;
        if (severity) {
          const worth = severities.slice(severities.indexOf(severity)) as readonly string[];
          const left = evidence.findings.filter(
            (one) => worth.includes(one.severity) && (gate.cve.count === "all" || one.fixable) && !isWaived(one.id),
          ).length;
          expect(Number.parseInt(found, 10)).toBe(left);
          expect(passed).toBe(left <= (gate.cve[severity] ?? Number.POSITIVE_INFINITY));
        }
        for (const text of waived) expect(inDate.some((waiver) => text.startsWith(`${waiver.finding} `))).toBe(true);
      }
    }),
    RUNS,
  );
});
