import fc from "fast-check";
import { type Finding, summariseFindings, type WholeEvidence } from "../../core/evidence/evidence.ts";
import type { GateThresholds, Waiver } from "../../core/factory/gate-schema.ts";
import type { Circumstances } from "../../core/gate/rule.ts";
import { aBuild, circumstances, cisWith, evidenceWith, level1, MIB, ruleId } from "./an-evidence.ts";

export const TODAY = "2026-04-15";

export const severities = ["untriaged", "informational", "low", "medium", "high", "critical"] as const;

const ids = ["CVE-1", "CVE-2", "CVE-3", "CVE-4"];

export const rules = ["a", "b", "c", "d"];

export const packages = ["bash", "auditd", "telnet", "rsh"];

/** A gate's rules and evidence. */
export interface Case {
  readonly evidence: WholeEvidence;
  readonly gate: GateThresholds;
  readonly circumstances: Circumstances;
}

export const finding: fc.Arbitrary<Finding> = fc.record(
  {
    id: fc.constantFrom(...ids),
    severity: fc.constantFrom(...severities),
    packages: fc.constant(["openssl 3.2.2"]),
    fixable: fc.boolean(),
    score: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
  },
  { requiredKeys: ["id", "severity", "packages", "fixable"] },
);

const waiver = (until: fc.Arbitrary<string>): fc.Arbitrary<Waiver> =>
  fc.record({
    finding: fc.constantFrom(...ids, ...rules.map(ruleId)),
    image: fc.constantFrom("*", "web", "base"),
    owner: fc.constant("security"),
    reason: fc.constantFrom("not reachable", "fixed next week"),
    until,
  });

const anyWaiver = waiver(fc.constantFrom("2026-04-14", TODAY, "2026-05-01"));

export const expiredWaiver = waiver(fc.constantFrom("2025-12-31", "2026-04-14"));

/** Mostly small: limits that decide. */
const limit = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined, freq: 2 });

const onViolation = fc.constantFrom("reject" as const, "ask" as const);

/** Optional settings are left out, not undefined. */
const without = <T extends object>(some: T): T =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as T;

const content = { url: "https://example.com/x.xml", sha256: "0".repeat(64) };

const gate: fc.Arbitrary<GateThresholds> = fc
  .record({
    cve: fc
      .record({
        critical: limit,
        high: limit,
        medium: limit,
        count: fc.constantFrom("all" as const, "fixable" as const),
        score: fc.option(fc.constantFrom(4, 7, 9.5), { nil: undefined, freq: 2 }),
      })
      .map(without),
    benchmark: fc.option(
      fc
        .record({
          byInspector: fc.integer({ min: 0, max: 14 }),
          accepted: fc.subarray(rules).map((some) => Object.fromEntries(some.map((one) => [ruleId(one), "known"]))),
          leastChecks: fc.integer({ min: 1, max: 5 }),
          onViolation,
        })
        .map(({ byInspector, accepted, ...rest }) =>
          byInspector === 0
            ? { by: "inspector" as const, level: 1 as const, baseline: { level: 1 as const, accepted }, ...rest }
            : { content, profile: level1, baseline: { profile: level1, accepted }, ...rest },
        ),
      { nil: undefined, freq: 2 },
    ),
    packages: fc.option(fc.constant({ required: packages.slice(0, 2), forbidden: packages.slice(2) }), {
      nil: undefined,
      freq: 2,
    }),
    drift: fc.option(
      fc.record({ added: limit, removed: limit, count: limit, sizeMiB: limit, onViolation }).map(without),
      { nil: undefined, freq: 2 },
    ),
    parent: fc.option(fc.record({ maxAge: fc.constantFrom(86_400, 864_000), onViolation }), {
      nil: undefined,
      freq: 2,
    }),
    sbom: fc.option(fc.constant("required" as const), { nil: undefined, freq: 2 }),
  })
  .map((some) => without(some) as GateThresholds);

const evidence: fc.Arbitrary<WholeEvidence> = fc
  .record({
    findings: fc.array(finding, { maxLength: 6 }),
    scan: fc.constantFrom(...Array.from({ length: 9 }, () => "COMPLETED"), "FAILED"),
    failedRules: fc.subarray(rules),
    checks: fc.integer({ min: 4, max: 10 }),
    hasCis: fc.integer({ min: 0, max: 19 }),
    byInspector: fc.integer({ min: 0, max: 14 }),
    further: fc.option(fc.integer({ min: -4, max: 4 }), { nil: undefined }),
    hasSize: fc.integer({ min: 0, max: 9 }),
    installed: fc.oneof(fc.constant(packages.slice(0, 2)), fc.subarray(packages, { minLength: 1 })),
    added: fc.integer({ min: 0, max: 4 }),
    removed: fc.integer({ min: 0, max: 4 }),
    before: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    days: fc.integer({ min: 0, max: 11 }),
    hasSbom: fc.integer({ min: 0, max: 19 }),
  })
  .map((some) =>
    evidenceWith(some.findings, {
      cve: { scan: some.scan, ...summariseFindings(some.findings) },
      ...(some.hasCis > 0 && {
        cisResult: cisWith(some.failedRules, {
          checks: some.checks,
          ...(some.byInspector === 0 && { by: "inspector" as const, profile: "LEVEL_1" }),
        }),
      }),
      imageSize: {
        ...(some.hasSize > 0 && { bytes: 1800 * MIB }),
        ...(some.further !== undefined && { before: { build: aBuild, bytes: (1800 + some.further) * MIB } }),
      },
      manifest: { packages: some.installed.map((name) => ({ name, version: "1", architecture: "x86_64" })) },
      packageCount: 3,
      ...(some.before !== undefined && {
        packageCountBefore: some.before,
        packages: { added: some.added, removed: some.removed, changed: 0, examples: [] },
      }),
      parent: {
        build: aBuild,
        since: new Date(Date.parse("2026-04-15T03:00:00Z") - some.days * 86_400_000).toISOString(),
      },
      ...(some.hasSbom > 0 && { sbom: { format: "CycloneDX 1.5", components: 3, key: "evidence/x/sbom.cdx.json" } }),
    }),
  );

/** Limits, evidence and waivers with enough cases of each outcome. */
export const anyCase: fc.Arbitrary<Case> = fc
  .record({ evidence, gate, waivers: fc.array(anyWaiver, { maxLength: 5 }), canAsk: fc.boolean() })
  .map(({ waivers, canAsk, ...rest }) => ({ ...rest, circumstances: circumstances({ waivers, canAsk }) }));
