import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { recordStart } from "../../adapters/build/builds.ts";
import { findEvidence, findGate, gatePassed, requireGateOpen } from "../../adapters/evidence/evidence.ts";
import { recordWaiver } from "../../adapters/gate/waivers.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { amiId, type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { imageOf } from "../world/factory-of.ts";
import { factoryWith, sbom, startEvidenceWorld, unlimited, uploads } from "./evidence-world.ts";

const results = readFileSync(new URL("./fixtures/cis/results.xml", import.meta.url), "utf8");
const content = { url: "https://example.com/benchmark.xml", sha256: "a".repeat(64) };
const profile = "xccdf_org.example_profile_level1";
const rule = (name: string) => `xccdf_org.example_rule_${name}`;

const finding = {
  severity: "CRITICAL",
  fixAvailable: "YES",
  inspectorScore: 9.8,
  packageVulnerabilityDetails: {
    vulnerabilityId: "CVE-2026-99901",
    vulnerablePackages: [{ name: "openssl", version: "1" }],
  },
};

const everything = { "cis-results.xml.gz": gzipSync(results) };

const startOf = (build: BuildArn, more: object = {}) => ({
  image: "base",
  build,
  triggers: [{ kind: "manual" as const, requestedBy: "ada" }],
  startedAt: "2026-04-01T08:00:00.000Z",
  ...more,
});

test("every piece of evidence is in the ledger with its source and time, and kept whole in the bucket", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything), findings: () => [finding] });
  const factory = factoryWith(unlimited);
  const { ledger } = world.stepFor(factory);
  const build = await world.build();
  const { parentImage } = (await world.image(build)).imageRecipe ?? {};
  const { Parameter } = await world.call<{ Parameter: { Value: string } }>("ssm", "GetParameter", {
    Name: parentImage?.slice("ssm:".length),
  });
  await recordStart(ledger, startOf(build, { base: amiId.parse(Parameter.Value) }));

  await world.collect(factory, build);

  const found = await findEvidence(ledger, build);
  expect(found).toMatchObject({
    tests: [{ name: "ApplyTestComponents", status: "COMPLETED" }],
    components: [
      { component: "acme-smoke", status: "passed" },
      { component: "acme-openscap", status: "passed" },
    ],
    cve: { scan: "COMPLETED", score: 9.8, counts: { critical: { all: 1, fixable: 1 } } },
    cis: { profile, checks: 3, failures: 2, key: "evidence/acme-base/1.0.0/1/cis-results.xml.gz" },
    sbom: { format: "CycloneDX 1.5", components: 2, key: "evidence/acme-base/1.0.0/1/sbom.cdx.json" },
    packageCount: 2,
    imageSize: { bytes: 1.75 * 2 ** 30 },
    parent: { amiId: Parameter.Value, since: expect.stringMatching(/^20\d\d-/) },
  });
  expect(
    found?.sources.map(({ piece, source }) => `${piece}: ${source.replace(/AROA\w+:i-[0-9a-f]{17}/, "<id>")}`),
  ).toEqual([
    "tests: imagebuilder:ListWorkflowStepExecutions",
    "cve: imagebuilder:ListImageScanFindings",
    "packages: manifests/<id>/packages.json",
    "size: ec2:DescribeSnapshots",
    "cis: evidence/acme-base/1.0.0/1/cis-results.xml.gz",
    "sbom: evidence/acme-base/1.0.0/1/sbom.cdx.json",
    "parent: ec2:DescribeImages",
  ]);
  expect(found?.sources.filter(({ piece }) => piece === "tests" || piece === "cve").map(({ at }) => at)).toEqual([
    expect.stringMatching(/^2026-04-01T08:/),
    expect.stringMatching(/^2026-04-01T08:/),
  ]);
  expect(JSON.parse(Buffer.from(await world.object(found?.sbom?.key ?? "")).toString())).toEqual(sbom);
  expect(await world.object(found?.cis?.key ?? "")).toEqual(new Uint8Array(everything["cis-results.xml.gz"]));
});

test("a benchmark's failures beyond the baseline reject, and those of the baseline do not", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything) });
  const build = await world.build();
  const cis = (...accepted: string[]) => ({
    content,
    profile,
    baseline: { profile, accepted: Object.fromEntries(accepted.map((name) => [rule(name), "known"])) },
  });
  await world.collect(factoryWith(unlimited), build);

  const strict = await world.judge(factoryWith({ ...unlimited, benchmark: cis("lost") }), build);
  const lenient = await world.judge(factoryWith({ ...unlimited, benchmark: cis("lost", "windows") }), build);

  expect(strict.verdict).toBe("rejected");
  expect(strict.reasons.at(-1)).toMatchObject({
    rule: "cis",
    found: "1 of 3 check(s) failed beyond the baseline's 1",
    examples: [`${rule("windows")} (It is a windows)`],
  });
  expect(lenient.verdict).toBe("passed");
  expect(world.said.map(({ name }) => name)).toEqual(["gate.rejected", "gate.passed"]);
});

test("a benchmark without applicable rules is not evidence", async () => {
  const none = results.replace(/<result>(pass|fail|unknown)</g, "<result>notapplicable<");
  const world = await startEvidenceWorld({ file: uploads({ ...everything, "cis-results.xml.gz": gzipSync(none) }) });
  const build = await world.build();
  const factory = factoryWith({ ...unlimited, benchmark: { content, profile } });
  await world.collect(factory, build);

  const { verdict, reasons } = await world.judge(factory, build);

  expect(verdict).toBe("rejected");
  expect(reasons.at(-1)).toMatchObject({ rule: "cis-checks", found: "0 check(s)" });
});

test("uploads that are not JSON, a bill of materials or a result stop the promotion, and name the object", async () => {
  for (const [file, body, why] of [
    ["packages.json", "{", /manifests\/AROA\w+:i-[0-9a-f]+\/packages\.json in the evidence bucket cannot be read/],
    ["sbom.cdx.json", "{}", /manifests\/AROA\w+:i-[0-9a-f]+\/sbom\.cdx\.json in the evidence bucket cannot be read/],
    [
      "cis-results.xml.gz",
      "<xml/>",
      /manifests\/AROA\w+:i-[0-9a-f]+\/cis-results\.xml\.gz is not a gzip-compressed result/,
    ],
  ] as const) {
    const world = await startEvidenceWorld({ file: uploads({ ...everything, [file]: body }) });
    const build = await world.build();

    await expect(world.collect(factoryWith(unlimited), build), file).rejects.toThrow(why);
  }
});

const PRO = "/aws/service/canonical/ubuntu/pro-server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

test.each(["1.2-3ubuntu0.1+esm1", "1.2-3ubuntu0.1~esm2"])(
  "a fix that only Ubuntu Pro has, %s, does not count as one, unless the image or its ancestor starts from Ubuntu Pro",
  async (fixedInVersion) => {
    const withFix = (...versions: string[]) => ({
      ...finding,
      packageVulnerabilityDetails: {
        ...finding.packageVulnerabilityDetails,
        vulnerablePackages: versions.map((version) => ({ name: "openssl", version: "1", fixedInVersion: version })),
      },
    });
    const world = await startEvidenceWorld({
      file: uploads(everything),
      findings: () => [withFix(fixedInVersion), withFix("1.2-3ubuntu0.2"), withFix("1.2-3ubuntu0.2", fixedInVersion)],
    });
    const build = await world.build();
    const onPro = imageOf({ os: "ubuntu-2404", parent: { ssm: PRO }, gate: unlimited });
    const child = imageOf({ os: "ubuntu-2404", parent: { image: "pro", channel: "stable" }, gate: unlimited });
    const counted = async (factory: Factory) => {
      await world.collect(factory, build);
      return (await findEvidence(world.stepFor(factory).ledger, build))?.cve.counts.critical;
    };

    expect(await counted(factoryWith(unlimited))).toEqual({ all: 3, fixable: 1 });
    expect(await counted(factoryWith(unlimited, { images: { base: onPro } }))).toEqual({ all: 3, fixable: 3 });
    expect(await counted(factoryWith(unlimited, { images: { pro: onPro, base: child } }))).toEqual({
      all: 3,
      fixable: 3,
    });
  },
);

test("a waiver set by command is valid until its last day, not after", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything), findings: () => [finding] });
  const factory = factoryWith({ cve: { critical: 0, count: "fixable", score: 9 } });
  const { ledger } = world.stepFor(factory);
  const build = await world.build();
  await world.collect(factory, build);
  const waiver = { finding: "CVE-2026-99901", image: "*", owner: "security", reason: "not reachable" };

  const before = await world.judge(factory, build);
  await recordWaiver(ledger, { ...waiver, until: "2026-04-01" }, { by: "arn", at: "2026-04-01T12:00:00Z" });
  const waived = await world.judge(factory, build);
  await world.pass(24 * 60);
  const after = await world.judge(factory, build);

  expect([before, waived, after].map(({ verdict }) => verdict)).toEqual(["rejected", "passed", "rejected"]);
  expect(waived.reasons.find((one) => one.rule === "cve-critical")).toMatchObject({
    found: "0 fixable critical finding(s), 1 more waived",
    waived: ["CVE-2026-99901 waived by security until 2026-04-01: not reachable"],
  });
});

test("rules that require approval let a build be copied, and shared only after approval", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything) });
  const people = { ada: { slack: "U012AB3CD" } };
  const cis = { content, profile, onViolation: "ask" as const };
  const factory = factoryWith({ ...unlimited, benchmark: cis }, { people });
  const { ledger } = world.stepFor(factory);
  const build = await world.build();
  await world.collect(factory, build);

  const judged = await world.judge(factory, build);

  expect(judged).toMatchObject({
    verdict: "passed",
    channels: [{ name: "stable", approval: { approvers: ["ada"], required: 1 } }],
  });
  expect(world.said.map(({ name }) => name)).toEqual(["gate.held"]);
  expect(await findGate(ledger, build)).toMatchObject({ needsApproval: true });
  await requireGateOpen(ledger, build);
  await expect(read(ledger, gatePassed(build))).rejects.toThrow("it is not approved");
});

test("rules that require approval reject if the config has no approvers", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything) });
  const factory = factoryWith({ ...unlimited, benchmark: { content, profile, onViolation: "ask" } });
  const build = await world.build();
  await world.collect(factory, build);

  const { verdict, reasons } = await world.judge(factory, build);

  expect(verdict).toBe("rejected");
  expect(reasons.at(-1)?.rule).toBe("approval");
  await expect(requireGateOpen(world.stepFor(factory).ledger, build)).rejects.toThrow("The gate did not pass it");
});

test("a build whose grandparent was revoked is rejected, with the reason", async () => {
  const world = await startEvidenceWorld({ file: uploads(everything) });
  const ancestor = (name: string) =>
    parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${name}/1.0.0/7`);
  const { images } = factoryWith(unlimited);
  const child = (parent: string) => ({ ...images.base!, parent: { image: parent, channel: "stable" } });
  const factory = {
    ...factoryWith(unlimited),
    images: { base: child("middle"), middle: child("root"), root: images.base! },
  };
  const { ledger } = world.stepFor(factory);
  const build = await world.build();
  await recordStart(ledger, startOf(build, { parentBuild: ancestor("middle") }));
  const middle = { ...startOf(ancestor("middle")), image: "middle", parentBuild: ancestor("root") };
  await recordStart(ledger, { ...middle, startedAt: "2026-03-01T08:00:00.000Z" });
  await recordRevocation(ledger, ancestor("root"), { reason: "leaked key", by: "ada", at: "2026-04-01T08:00:00Z" });
  await world.collect(factory, build);

  const { verdict, reasons } = await world.judge(factory, build);

  expect((await findEvidence(ledger, build))?.parent).toEqual({
    build: ancestor("middle"),
    since: "2026-03-01T08:00:00.000Z",
  });
  expect(verdict).toBe("rejected");
  expect(reasons.at(-1)).toMatchObject({ rule: "parent-revoked", examples: [`${ancestor("root")}: leaked key`] });
});
