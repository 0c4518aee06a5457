import { expect, test } from "vitest";
import { joinUses, judgeAll, type PointedChannel } from "../../core/fleet/affected.ts";
import { findTarget, type Target } from "../../core/fleet/affected-target.ts";
import type { FleetBuild } from "../../core/fleet/facts.ts";
import type { BuildScan, BuildSystem, KnownBuild, SystemAdvisory } from "../../core/fleet/judge-affected.ts";
import { knownAdvisories } from "../../core/fleet/known-advisories.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const arn = (nth: number, image = "base") =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-${image}/1.0.0/${nth}`);
const day = (nth: number) => new Date(Date.UTC(2026, 3, nth)).toISOString();

const al2023: BuildSystem = { name: "al2023", manager: "rpm", architecture: "x86_64" };
const ubuntu: BuildSystem = { name: "ubuntu-2404", manager: "dpkg", architecture: "x86_64" };
const openssl = (version: string, release: string) => ({
  packages: [{ name: "openssl", epoch: "1", version, release, architecture: "x86_64" }],
});
const ID = "CVE-2026-1234";
const vulnerability: Target = { kind: "vulnerability", id: ID };
const advisory: SystemAdvisory = {
  name: "al2023",
  architecture: "x86_64",
  advisory: {
    id: "ALAS2023-2026-1",
    severity: "important",
    cves: [ID],
    fixes: [{ name: "openssl", architecture: "x86_64", version: "1:3.0.8-2.amzn2023" }],
  },
};

/** By default built on the day of its number, and scanned then without a finding. */
const build = (nth: number, rest: Partial<KnownBuild> = {}): KnownBuild => ({
  image: "base",
  build: arn(nth, rest.image ?? "base"),
  startedAt: day(nth),
  system: al2023,
  installed: openssl("3.0.8", `${nth}.amzn2023`),
  scan: { at: day(nth), completed: true },
  ...rest,
});
const reported = (nth: number, version: string): { readonly scan: BuildScan } => ({
  scan: { at: day(nth), completed: true, reported: [`openssl ${version}`] },
});
const states = (target: Target, builds: readonly KnownBuild[], advisories: readonly SystemAdvisory[] = []) => {
  const verdicts = judgeAll(target, { builds, advisories, channels: [] });
  return builds.map((one) => verdicts.get(one.build)?.state);
};

const known = {
  advisories: new Set(["ALAS2023-2026-1", "local-advisory"]),
  vulnerabilities: new Set(["GHSA-abcd-efgh-ijkl"]),
  hasPackage: (name: string) => name === "openssl" || name === "libstdc++",
};

test("what is asked about is found by its form, or by what the factory knows", () => {
  expect(findTarget("cve-2026-1234", known)).toEqual({ kind: "vulnerability", id: "CVE-2026-1234" });
  expect(findTarget("GHSA-abcd-efgh-ijkl", known)).toEqual({ kind: "vulnerability", id: "GHSA-abcd-efgh-ijkl" });
  expect(findTarget("alas2023-2026-1", known)).toEqual({ kind: "advisory", id: "ALAS2023-2026-1" });
  expect(findTarget("local-advisory", known)).toEqual({ kind: "advisory", id: "local-advisory" });
  for (const id of [
    "ALAS2023-2026-1695",
    "ALAS-2026-1695",
    "ALASKERNEL-5.10-2026-001",
    "USN-7123-1",
    "RHSA-2026:1234",
    "RLSA-2026:1234",
    "SUSE-SU-2026:1234-1",
    "DSA-5678-1",
    "KB5036909",
    "noble-security/openssl/3.0.13-0ubuntu3.9",
  ]) {
    expect(findTarget(id, known)).toEqual({ kind: "advisory", id });
  }
  expect(findTarget("openssl", known)).toEqual({ kind: "package", name: "openssl" });
  expect(findTarget("libstdc++@12.2.0-14", known)).toEqual({
    kind: "package",
    name: "libstdc++",
    version: "12.2.0-14",
  });
});

test("other values are refused, and valid ones are named", () => {
  expect(() => findTarget("opnessl", known)).toThrow(
    /"opnessl" is not a CVE or an advisory id, and no build's manifest lists a package "opnessl"\. Expected a CVE/,
  );
  expect(() => findTarget("CVE-26-1", known)).toThrow("is not a CVE");
  expect(() => findTarget("openssl@", known)).toThrow('"openssl@" has no version after "@"');
  expect(() => findTarget("", known)).toThrow('"" is not a CVE');
  const wrong: Target = { kind: "package", name: "openssl", version: "!" };
  expect(() => states(wrong, [build(1)])).toThrow(/version of openssl cannot be compared.*Expected \[epoch:\]version/);
});

test("by an advisory a build is affected, fixed, without the package, of another system, or not known", () => {
  const target: Target = { kind: "advisory", id: "ALAS2023-2026-1" };
  const builds = [
    build(1),
    build(2),
    build(3, { installed: { packages: [] } }),
    build(4, { image: "other", system: ubuntu }),
    build(5, { installed: "the evidence bucket has no manifest of it" }),
    build(6, { system: undefined }),
    build(7, { image: "arm", system: { ...al2023, architecture: "arm64" } }),
  ];

  expect(states(target, builds, [advisory])).toEqual([
    "affected",
    "fixed",
    "clean",
    "clean",
    "unknown",
    "unknown",
    "unknown",
  ]);
  expect(states(target, [build(1)])).toEqual(["unknown"]);
});

test("versions are compared by the system's own rules, in a version or an older one", () => {
  const at = (version: string): Target => ({ kind: "package", name: "openssl", version });
  const tilde = {
    packages: [{ name: "openssl", version: "3.0.13~rc1-0ubuntu3", release: null, architecture: "amd64" }],
  };
  const onUbuntu = build(5, { image: "other", system: ubuntu, installed: tilde });

  expect(states(at("1:3.0.8-9.amzn2023"), [build(9), build(10)])).toEqual(["affected", "fixed"]);
  expect(states(at("3.0.9-1.amzn2023"), [build(9)])).toEqual(["fixed"]);
  expect(states(at("3.0.13-0ubuntu3"), [onUbuntu])).toEqual(["affected"]);
  expect(states({ kind: "package", name: "openssl" }, [build(1), build(2)])).toEqual(["affected", "affected"]);
  expect(states(at("1:3.0.8-9.amzn2023"), [build(1, { installed: { packages: [] } })])).toEqual(["clean"]);
});

test("a scan that was made before a vulnerability was reported does not prove that a build is without it", () => {
  const builds = [
    build(1),
    build(2, { image: "other", system: ubuntu }),
    build(5, reported(5, "3.0.8")),
    build(6),
    build(7, { scan: { at: day(7), completed: false } }),
    build(4, { scan: undefined, installed: openssl("3.0.8", "9.amzn2023") }),
  ];

  // The first has an older version than the one that was reported; the last a newer one, and nothing scanned it.
  expect(states(vulnerability, builds)).toEqual(["affected", "unknown", "affected", "clean", "unknown", "unknown"]);
  expect(states(vulnerability, [build(1)])).toEqual(["unknown"]);
  expect(states(vulnerability, [build(1, { installed: "lost", ...reported(1, "3.0.8") })])).toEqual(["affected"]);
});

test("an advisory that is open no more is known by the build that it was the reason for", () => {
  const trigger = {
    kind: "packages" as const,
    build: arn(1),
    advisories: [
      {
        id: "ALAS2023-2026-1",
        severity: "important" as const,
        cves: [ID],
        packages: [
          { name: "openssl", architecture: "x86_64", installed: "1:3.0.8-1.amzn2023", fixed: "1:3.0.8-2.amzn2023" },
        ],
      },
    ],
    others: [],
  };
  const open = { ...advisory.advisory, cves: [], fixes: [{ ...advisory.advisory.fixes[0]!, module: "a:1" }] };

  const fromBuilds = knownAdvisories([], [{ image: "base", triggers: [trigger] }], () => al2023);
  const fromBoth = knownAdvisories(
    [{ image: "base", open: [open] }],
    [{ image: "base", triggers: [trigger] }],
    () => al2023,
  );

  expect(fromBuilds).toEqual([advisory]);
  // The feed says more of a package than a trigger: its module stream.
  expect(fromBoth).toEqual([{ ...advisory, advisory: { ...open, cves: [ID] } }]);
  expect(knownAdvisories([], [{ image: "gone", triggers: [trigger] }], () => undefined)).toEqual([]);
});

const use = (nth: number, known: FleetBuild["places"][number]["known"]): FleetBuild => ({
  image: "base",
  build: arn(nth),
  startedAt: day(nth),
  places: [{ region: "eu-west-1", amiId: parseAmiId("ami-0123456789abcdef0"), known }],
});
const runs = (instances: number) => ({
  state: "reported" as const,
  asOf: day(20),
  uses: [{ account: "200000000001", instances, launchTemplates: 0 }],
});
const channel = (name: string, regions: PointedChannel["regions"]): PointedChannel => ({
  image: "base",
  channel: name,
  regions,
});
const ask = (builds: readonly KnownBuild[], channels: readonly PointedChannel[], uses: readonly FleetBuild[]) => {
  const facts = { builds, advisories: [advisory], channels };
  return joinUses(vulnerability, facts, judgeAll(vulnerability, facts), uses, []);
};

test("channels are joined by region, and the first fix is newer than every affected build", () => {
  const builds = [
    build(1),
    build(2),
    build(15, { startedAt: "2026-04-01T12:00:00.000Z", installed: openssl("3.0.8", "1.amzn2023") }),
  ];
  const regressed = build(3, { build: arn(3), installed: openssl("3.0.8", "1.amzn2023") });
  const channels = [channel("stable", { "eu-west-1": arn(2), "us-east-1": arn(1), "eu-north-1": undefined })];

  const found = ask(builds, channels, []);
  const again = ask([...builds, regressed, build(4)], [], []);

  expect(found.images).toMatchObject([{ image: "base", firstFixed: arn(2) }]);
  expect(found.images[0]?.builds.map((one) => one.build)).toEqual([arn(2), arn(15), arn(1)]);
  expect(found.images[0]?.channels).toEqual([
    {
      channel: "stable",
      regions: [
        { region: "eu-west-1", build: arn(2), state: "fixed" },
        { region: "us-east-1", build: arn(1), state: "affected" },
        { region: "eu-north-1", state: "none" },
      ],
    },
  ]);
  expect(found.outcome).toBe("affected");
  expect(again.images[0]?.firstFixed).toBe(arn(4));
  expect(ask([build(1)], [], [use(1, runs(0))]).images[0]).not.toHaveProperty("firstFixed");
});

test("unknown never counts as not affected", () => {
  const channels = [channel("stable", { "eu-west-1": arn(2) })];
  const both = [build(1), build(2)];
  const why = "no report was ever requested";

  expect(ask(both, channels, [use(1, runs(3))])).toMatchObject({ outcome: "affected", running: [{ instances: 3 }] });
  expect(ask(both, channels, [use(1, runs(0))])).toMatchObject({ outcome: "not-affected", running: [] });
  expect(ask(both, channels, [use(1, { state: "unknown", why })])).toMatchObject({
    outcome: "unknown",
    unknownUses: [{ build: arn(1), region: "eu-west-1", why }],
  });
  expect(ask([build(1, { unreported: "not reported" }), build(2)], channels, [])).toMatchObject({
    outcome: "unknown",
    unknownUses: [{ build: arn(1), why: "not reported" }],
  });
  expect(ask([build(2, { installed: "lost" })], channels, [])).toMatchObject({
    outcome: "unknown",
    images: [{ channels: [{ regions: [{ state: "unknown" }] }] }],
  });
  // A channel of which a build is not among those that are known.
  expect(
    ask([build(2)], [channel("stable", { "eu-west-1": arn(9) })], []).images[0]?.channels[0]?.regions[0]?.state,
  ).toBe("unknown");
});
