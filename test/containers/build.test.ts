import type { InstancePlan } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { findBuild } from "../../adapters/build/builds.ts";
import { findEvidence } from "../../adapters/evidence/evidence.ts";
import { listCopies } from "../../adapters/promotion/promotion.ts";
import { NODE, startBuildWorld } from "./build-world.ts";

const HOME = "eu-west-1";
const AWAY = "us-east-1";

const vulnerable: InstancePlan = {
  findings: () => [
    {
      severity: "CRITICAL",
      fixAvailable: "YES",
      packageVulnerabilityDetails: {
        vulnerabilityId: "CVE-2026-1234",
        vulnerablePackages: [{ name: "nodejs22", version: "22.1.0", fixedInVersion: "22.2.0" }],
      },
    },
  ],
};

test("a requested container image is built, and recorded in each region by its digest there", async () => {
  const { build, pushed, details, ledger, promotions, idIn } = await startBuildWorld();

  const arn = await build();

  const [image, ...others] = await pushed(HOME);
  const digest = image?.imageDigest;
  expect(others).toEqual([]);
  expect(await pushed(AWAY)).toEqual([image]);
  expect(image?.imageTags).toEqual(["1.0.0-1"]);
  expect(await findBuild(ledger, NODE, arn)).toMatchObject({
    status: "available",
    amiId: idIn(HOME, digest),
    bytes: expect.any(Number),
    settled: true,
  });
  expect(await listCopies(ledger, arn)).toEqual([{ region: AWAY, copy: arn, amiId: idIn(AWAY, digest) }]);
  expect(details("build.available")).toEqual([{ image: NODE, build: arn, amiId: idIn(HOME, digest) }]);
  expect(await promotions()).toBe(1);
});

test("a repeated end event leaves one promotion and one record", async () => {
  const { build, record, details, ledger, promotions } = await startBuildWorld();
  const arn = await build();
  const before = await findBuild(ledger, NODE, arn);

  const again = await record(arn);

  expect(again).toEqual({ decision: "recorded-before" });
  expect(await findBuild(ledger, NODE, arn)).toEqual(before);
  expect(details("build.available")).toHaveLength(1);
  expect(await promotions()).toBe(1);
});

test("a region where the image was deleted is omitted, the others have it", async () => {
  const { build, remove, details, ledger, promotions } = await startBuildWorld();

  const arn = await build(() => remove(AWAY));

  expect(details("build.available")).toHaveLength(1);
  expect(await listCopies(ledger, arn)).toEqual([]);
  expect(await promotions()).toBe(1);
});

test("an image deleted in the build region is a failed build", async () => {
  const { build, remove, details, ledger, promotions } = await startBuildWorld();

  const arn = await build(() => remove(HOME));

  expect(details("build.failed")).toMatchObject([
    { failure: { reason: "AVAILABLE without an AMI or a container image in the build region" } },
  ]);
  expect(await listCopies(ledger, arn)).toEqual([]);
  expect(await promotions()).toBe(0);
});

test("its evidence is like an AMI's, and after the gate it enters channels without copies", async () => {
  const { build, judge, ledger, details } = await startBuildWorld();
  const arn = await build();

  const decided = await judge(arn);

  const evidence = await findEvidence(ledger, arn);
  expect(decided).toMatchObject({
    verdict: "passed",
    distribute: [],
    channels: [{ name: "stable", regions: [HOME, AWAY] }],
  });
  expect(details("gate.passed")).toMatchObject([{ image: NODE, build: arn }]);
  expect(evidence).toMatchObject({
    tests: [{ status: "COMPLETED" }],
    components: [{ component: "acme-container-smoke", status: "passed" }],
    cve: { scan: "COMPLETED", counts: { critical: { all: 0 } } },
    packageCount: 1,
    sbom: { format: "CycloneDX 1.5", components: 1 },
    imageSize: { bytes: (await findBuild(ledger, NODE, arn))?.bytes },
  });
  expect(evidence?.sources.map(({ piece, source }) => `${piece} ${source}`)).toContain("size ecr:DescribeImages");
});

test("Inspector's findings beyond the gate's limits reject it, and the finding is named", async () => {
  const { build, judge, details } = await startBuildWorld(vulnerable);
  const arn = await build();

  const decided = await judge(arn);

  expect(decided.verdict).toBe("rejected");
  expect(details("gate.rejected")).toMatchObject([{ image: NODE, build: arn }]);
  expect(JSON.stringify(details("gate.rejected"))).toContain("CVE-2026-1234");
});

test("a test that fails in the container fails the build and names the component; nothing is promoted", async () => {
  const { build, details, ledger, pushed, promotions } = await startBuildWorld({
    step: ({ step }) => (step === "NodeAnswers" ? { exitCode: 1, stderr: "node is v20.0.0, expected v22" } : undefined),
  });

  const arn = await build();

  expect(details("build.failed")).toMatchObject([
    {
      image: NODE,
      build: arn,
      failure: {
        component: "acme-container-smoke",
        phase: "test",
        step: "NodeAnswers",
        tests: { components: [{ component: "acme-container-smoke", status: "failed" }] },
      },
    },
  ]);
  expect(await findBuild(ledger, NODE, arn)).toMatchObject({ status: "failed" });
  expect(await listCopies(ledger, arn)).toEqual([]);
  expect(await pushed(AWAY)).toEqual([]);
  expect(await promotions()).toBe(0);
});
