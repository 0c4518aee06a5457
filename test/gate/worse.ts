import fc from "fast-check";
import { type Finding, summariseFindings, type WholeEvidence } from "../../core/evidence/evidence.ts";
import { aBuild, MIB, ruleId } from "./an-evidence.ts";
import { type Case, finding, packages, rules, severities } from "./random-gates.ts";

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
export const worsening: fc.Arbitrary<Worsening> = fc.oneof(
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
