import type { SimulatedCisCheck } from "embedded-aws/instances";
import { REGION } from "embedded-aws/testing/imagebuilder";
import { expect, test } from "vitest";
import { recordStart } from "../../adapters/build/builds.ts";
import { pointChannel } from "../../adapters/channel/channels.ts";
import { findEvidence } from "../../adapters/evidence/evidence.ts";
import type { Evidence, EvidenceSource } from "../../core/evidence/evidence.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { type AmiId, amiId, type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { factoryWith, startEvidenceWorld, unlimited, uploads } from "./evidence-world.ts";

/** Which piece each part of the evidence belongs to: a part that is new does not compile before it has one. */
const pieceOf = {
  tests: "tests",
  components: "tests",
  cve: "cve",
  cis: "cis",
  packageCount: "packages",
  packagesDigest: "packages",
  packages: "difference",
  packageCountBefore: "difference",
  imageSize: "size",
  sbom: "sbom",
  parent: "parent",
} as const satisfies Record<Exclude<keyof Evidence, "collectedAt" | "sources" | "key">, EvidenceSource["piece"]>;

const file = uploads();
const MIB = 2 ** 20;

const checks: SimulatedCisCheck[] = Array.from({ length: 250 }, (_, n) => ({
  checkId: `1.${n}`,
  title: `Check ${n}`,
  level: 1,
  status: n === 7 || n === 240 ? "FAILED" : "PASSED",
}));
const byInspector = (...accepted: string[]) =>
  factoryWith({
    ...unlimited,
    benchmark: {
      by: "inspector",
      level: 1,
      leastChecks: 200,
      baseline: { level: 1, accepted: Object.fromEntries(accepted.map((id) => [id, "known"])) },
    },
  });

type World = Awaited<ReturnType<typeof startEvidenceWorld>>;

const amiOf = async (world: World, build: BuildArn): Promise<AmiId> =>
  amiId.parse((await world.image(build)).outputResources?.amis?.[0]?.image);

async function promote(world: World, factory: Factory, build: BuildArn): Promise<void> {
  const startedAt = "2026-04-01T08:00:00.000Z";
  const amis = { [REGION]: await amiOf(world, build) };
  const { ledger } = world.stepFor(factory);
  await pointChannel(ledger, "base", "stable", undefined, { build, startedAt, amis, movedAt: startedAt });
}

test("every kind of evidence has a source and a time", async () => {
  const world = await startEvidenceWorld({ file, cis: () => checks }, "inspector-cis");
  const factory = byInspector("1.7", "1.240");
  const { ledger } = world.stepFor(factory);
  const first = await world.build();
  await world.collect(factory, first);
  await promote(world, factory, first);
  const build = await world.build();
  const base = await amiOf(world, first);
  const triggers = [{ kind: "manual" as const, requestedBy: "ada" }];
  await recordStart(ledger, { image: "base", build, triggers, base, startedAt: "2026-04-01T12:00:00.000Z" });

  await world.collect(factory, build);

  const found = await findEvidence(ledger, build);
  const parts = (Object.keys(pieceOf) as (keyof typeof pieceOf)[]).filter((part) => found?.[part] !== undefined);
  expect(parts.toSorted(), "every part exists").toEqual(Object.keys(pieceOf).toSorted());
  const sources = new Map(found?.sources.map((one) => [one.piece, one]));
  for (const part of parts) {
    const { source, at } = sources.get(pieceOf[part]) ?? {};
    expect(source, part).toMatch(/^(imagebuilder:|ec2:|ledger$|manifests\/|evidence\/)/);
    expect(at, part).toMatch(/^2026-04-01T\d\d:\d\d/);
  }
  expect(sources.size).toBe(new Set(Object.values(pieceOf)).size);
  expect(sources.get("difference")?.source).toBe("evidence/acme-base/1.0.0/1.json");
});

test("Inspector's scan is evidence with all of its checks, kept whole, and leaves no configuration", async () => {
  const world = await startEvidenceWorld({ file, cis: () => checks }, "inspector-cis");
  const build = await world.build();
  const strict = byInspector("1.7");
  await world.collect(strict, build);

  const rejected = await world.judge(strict, build);
  const passed = await world.judge(byInspector("1.7", "1.240"), build);

  const found = await findEvidence(world.stepFor(strict).ledger, build);
  const key = "evidence/acme-base/1.0.0/1/inspector-cis.json";
  expect(found?.cis).toEqual({
    by: "inspector",
    profile: "LEVEL_1",
    benchmark: "AMAZON_LINUX_2023",
    endedAt: expect.stringMatching(/^2026-04-01T/),
    checks: 250,
    failures: 2,
    key,
  });
  expect(JSON.parse(Buffer.from(await world.object(key)).toString()).checks).toHaveLength(250);
  expect(rejected.verdict).toBe("rejected");
  expect(rejected.reasons.at(-1)).toMatchObject({ rule: "cis", examples: ["1.240 (Check 240)"] });
  expect(passed.verdict).toBe("passed");
});

test("a collected scan is read again from the bucket after its configuration is deleted", async () => {
  const world = await startEvidenceWorld({ file, cis: () => checks }, "inspector-cis");
  const build = await world.build();
  const factory = byInspector();
  await world.collect(factory, build);
  const before = await findEvidence(world.stepFor(factory).ledger, build);

  await world.collect(factory, build);

  const { scan } = JSON.parse(Buffer.from(await world.object(before?.cis?.key ?? "")).toString());
  expect((await findEvidence(world.stepFor(factory).ledger, build))?.cis).toEqual(before?.cis);
  await expect(
    world.call("inspector2", "DeleteCisScanConfiguration", { scanConfigurationArn: scan.configuration }),
  ).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test.each([
  ["found no check", { cis: () => [] }, /^0 check\(s\): no check ran: the instance may lack the permission/],
  ["is of a system without a benchmark", { cis: () => "UNSUPPORTED_OS" as const }, /UNSUPPORTED_OS/],
  ["was never made", { script: () => undefined }, /^no benchmark was evaluated$/],
])("a scan that %s does not count as evidence, and rejects", async (_how, plan, said) => {
  const world = await startEvidenceWorld({ file, ...plan }, "inspector-cis");
  const build = await world.build();
  const factory = byInspector();
  await world.collect(factory, build);

  const { verdict, reasons } = await world.judge(factory, build);

  expect(verdict).toBe("rejected");
  expect(reasons.at(-1)).toMatchObject({ rule: "cis-checks", passed: false, found: expect.stringMatching(said) });
});

test("an image that grew more than allowed needs approval or is rejected, with both sizes in the reason", async () => {
  let written = 1800 * MIB;
  const world = await startEvidenceWorld({ file, writtenBytes: () => written });
  const factory = factoryWith({ ...unlimited, drift: { sizeMiB: 100, onViolation: "reject" } });
  const first = await world.build();
  await world.collect(factory, first);
  const alone = await world.judge(factory, first);
  await promote(world, factory, first);
  written = 1950 * MIB;
  const second = await world.build();
  await world.collect(factory, second);

  const grown = await world.judge(factory, second);

  expect(alone.verdict).toBe("passed");
  expect((await findEvidence(world.stepFor(factory).ledger, second))?.imageSize).toEqual({
    bytes: 1950 * MIB,
    before: { build: first, bytes: 1800 * MIB },
  });
  expect(grown.verdict).toBe("rejected");
  expect(grown.reasons.at(-1)).toMatchObject({
    rule: "drift-size",
    found: "1950 MiB, 150 MiB more than build 1.0.0/1",
    allowed: "at most 100 MiB more or less",
  });
});

test("a deleted promoted AMI has an unknown size, not zero", async () => {
  const world = await startEvidenceWorld({ file });
  const factory = factoryWith({ ...unlimited, drift: { sizeMiB: 100, onViolation: "reject" } });
  const first = await world.build();
  await promote(world, factory, first);
  await world.call("ec2", "DeregisterImage", { ImageId: await amiOf(world, first) });
  const second = parseBuildArn(await world.build());
  await world.collect(factory, second);

  const { reasons } = await world.judge(factory, second);

  expect(reasons.at(-1)).toMatchObject({
    rule: "drift-size",
    passed: false,
    found: "the size of build 1.0.0/1 is unknown",
  });
});
