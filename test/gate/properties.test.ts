import fc from "fast-check";
import { expect, test } from "vitest";
import { type Finding, summariseFindings, type WholeEvidence } from "../../core/evidence/evidence.ts";
import { decideGate } from "../../core/gate/decide-gate.ts";
import { aBuild, MIB, ruleId } from "./an-evidence.ts";
import { anyCase, type Case, expiredWaiver, finding, packages, rules, severities, TODAY } from "./random-gates.ts";

type Size = NonNullable<WholeEvidence["imageSize"]>;

/** A change that makes a case worse, or leaves it unchanged if nothing can get worse. */
type Worsening = (some: Case) => Case;

const onEvidence =
  (change: (evidence: WholeEvidence) => Partial<WholeEvidence>): Worsening =>
  (some) => ({ ...some, evidence: { ...some.evidence, ...change(some.evidence) } });

const onFindings = (change: (findings: readonly Finding[]) => Finding[]): Worsening =>
  onEvidence(({ findings, cve }) => {
    const changed = change(findings);
    return { findings: changed, cve: { scan: cve.scan, ...summariseFindings(changed) } };
  });

const onOneFinding = (at: number, change: (one: Finding) => Finding): Worsening =>
  onFindings((findings) => findings.map((one, n) => (n === at % findings.length ? change(one) : one)));

const onCis = (change: (cis: NonNullable<WholeEvidence["cisResult"]>) => Partial<WholeEvidence>): Worsening =>
  onEvidence(({ cisResult }) => (cisResult ? change(cisResult) : {}));

const onSize = (change: (size: Size) => { [Key in keyof Size]?: Size[Key] | undefined }): Worsening =>
  onEvidence(({ imageSize }) => {
    if (!imageSize?.bytes) return {};
    const { bytes, before } = { ...imageSize, ...change(imageSize) };
    return { imageSize: { ...(bytes && { bytes }), ...(before && { before }) } };
  });

/** The same evidence without one of its pieces. */
const lacking =
  (piece: "cisResult" | "sbom" | "imageSize"): Worsening =>
  (some) => {
    const { [piece]: _, ...evidence } = some.evidence;
    return { ...some, evidence };
  };

/** Every way in which findings can be more or worse, and evidence less. */
const worsening: fc.Arbitrary<Worsening> = fc.oneof(
  fc.tuple(finding, fc.nat(6)).map(([one, at]) => onFindings((findings) => findings.toSpliced(at, 0, one))),
  fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 5 })).map(([at, steps]) =>
    onOneFinding(at, (one) => {
      const place = severities.indexOf(one.severity as (typeof severities)[number]) + steps;
      return { ...one, severity: severities[Math.min(place, severities.length - 1)] ?? one.severity };
    }),
  ),
  fc.nat(6).map((at) => onOneFinding(at, (one) => ({ ...one, fixable: true }))),
  fc.nat(6).map((at) => onOneFinding(at, (one) => ({ ...one, score: Math.min(10, (one.score ?? 0) + 3) }))),
  fc.constant(onEvidence(({ cve }) => ({ cve: { ...cve, scan: "ABANDONED" } }))),
  fc.constant(onEvidence(({ tests }) => ({ tests: [...tests, { name: "Another", status: "FAILED" }] }))),
  fc.constantFrom(...rules).map((name) =>
    onCis((cis) => {
      const rest = cis.failed.filter(({ rule }) => rule !== ruleId(name));
      return { cisResult: { ...cis, failed: [...rest, { rule: ruleId(name), result: "fail" }] } };
    }),
  ),
  fc.nat(9).map((fewer) => onCis((cis) => ({ cisResult: { ...cis, checks: Math.max(0, cis.checks - fewer) } }))),
  fc.constantFrom(lacking("cisResult"), lacking("sbom"), lacking("imageSize")),
  fc.constant(onCis((cis) => ({ cisResult: { ...cis, incomplete: "the scan is FAILED" } }))),
  fc.constant(onCis((cis) => ({ cisResult: { ...cis, profile: "another" } }))),
  fc
    .nat(4)
    .map((further) =>
      onSize(({ bytes = 0, before }) =>
        before?.bytes === undefined ? {} : { bytes: bytes + (bytes >= before.bytes ? further : -further) * MIB },
      ),
    ),
  fc.constant(onSize(({ before }) => (before ? { bytes: undefined } : {}))),
  fc.constant(onSize(({ before }) => (before ? { before: { build: before.build } } : {}))),
  fc.constantFrom(...packages).map((name) =>
    onEvidence(({ manifest }) => ({
      manifest: {
        packages: [
          ...manifest.packages.filter((one) => one.name !== name),
          ...(packages.indexOf(name) < 2 ? [] : [{ name, version: "1", architecture: "x86_64" }]),
        ],
      },
    })),
  ),
  fc
    .tuple(fc.nat(3), fc.nat(3))
    .map(([added, removed]) =>
      onEvidence(({ packages: drift }) =>
        drift ? { packages: { ...drift, added: drift.added + added, removed: drift.removed + removed } } : {},
      ),
    ),
  fc
    .nat(4)
    .map((further) =>
      onEvidence(({ packageCount, packageCountBefore: before }) =>
        before === undefined ? {} : { packageCount: packageCount + (packageCount >= before ? further : -further) },
      ),
    ),
  fc
    .integer({ min: 1, max: 20 })
    .map((days) =>
      onEvidence(({ parent }) =>
        parent?.since
          ? { parent: { ...parent, since: new Date(Date.parse(parent.since) - days * 86_400_000).toISOString() } }
          : {},
      ),
    ),
  fc.constant<Worsening>((some) => ({
    ...some,
    circumstances: { ...some.circumstances, revoked: [{ build: aBuild, reason: "leaked key" }] },
  })),
  fc.nat(4).map<Worsening>((at) => (some) => {
    const waivers = some.circumstances.waivers.filter((_, n) => n !== at);
    return { ...some, circumstances: { ...some.circumstances, waivers } };
  }),
  fc.constant<Worsening>((some) => ({ ...some, circumstances: { ...some.circumstances, canAsk: false } })),
);

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
