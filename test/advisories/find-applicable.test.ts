import { expect, test } from "vitest";
import type { Advisory } from "../../core/advisories/feed.ts";
import { findApplicable } from "../../core/advisories/find-applicable.ts";

const rpm = (
  name: string,
  version: string,
  release: string | null,
  architecture = "x86_64",
  epoch: string | null = "0",
) => ({ name, epoch, version, release, architecture });

const fix = (name: string, version: string, architecture = "x86_64") => ({ name, version, architecture });
const advisory = (fixes: Advisory["fixes"], rest: Partial<Advisory> = {}): Advisory => ({
  id: "ALAS2023-2026-1",
  severity: "important",
  cves: [],
  fixes,
  ...rest,
});

type Asked = Parameters<typeof findApplicable>[0];
const asked = (packages: Asked["packages"]["packages"], advisories: Advisory[], rest: Partial<Asked> = {}) =>
  findApplicable({
    image: "web",
    packages: { packages },
    manager: "rpm",
    architecture: "x86_64",
    advisories,
    threshold: "unknown",
    waivers: [],
    now: new Date("2026-04-15T12:00:00Z"),
    ...rest,
  });
const nothing = { applicable: [], passedOver: [], unjudged: [] };

test("an advisory applies if a package is installed in a version older than the fixed one", () => {
  const found = asked(
    [rpm("openssl", "3.0.8", "1.amzn2023", "x86_64", "1")],
    [
      advisory([fix("openssl", "1:3.0.8-4.amzn2023"), fix("openssl-devel", "1:3.0.8-4.amzn2023")], {
        cves: ["CVE-2026-1"],
      }),
    ],
  );

  expect(found).toEqual({
    ...nothing,
    applicable: [
      {
        id: "ALAS2023-2026-1",
        severity: "important",
        cves: ["CVE-2026-1"],
        packages: [
          { name: "openssl", architecture: "x86_64", installed: "1:3.0.8-1.amzn2023", fixed: "1:3.0.8-4.amzn2023" },
        ],
      },
    ],
  });
});

test("an advisory does not apply to the fixed version or a newer one", () => {
  const fixes = advisory([fix("openssl", "3.0.8-4")]);
  expect(asked([rpm("openssl", "3.0.8", "4")], [fixes])).toEqual(nothing);
  expect(asked([rpm("openssl", "3.0.8", "10")], [fixes])).toEqual(nothing);
  expect(asked([rpm("openssl", "3.0.7", "1", "x86_64", "1")], [fixes])).toEqual(nothing);
});

test("packages of other architectures are distinct, except that noarch packages may become native", () => {
  const applies = (installed: string, fixed: string, architecture: Asked["architecture"] = "x86_64") =>
    asked([rpm("a", "1", "1", installed)], [advisory([fix("a", "2-1", fixed)])], { architecture }).applicable.length ===
    1;
  expect(applies("x86_64", "x86_64")).toBe(true);
  expect(applies("x86_64", "aarch64")).toBe(false);
  expect(applies("i686", "x86_64")).toBe(false);
  expect(applies("i686", "i686")).toBe(true);
  expect(applies("noarch", "x86_64")).toBe(true);
  expect(applies("x86_64", "noarch")).toBe(true);
  expect(applies("noarch", "aarch64")).toBe(false);
  expect(applies("noarch", "aarch64", "arm64")).toBe(true);
  expect(applies("noarch", "i686")).toBe(false);
});

test("the newest installed kernel counts", () => {
  const kernels = [rpm("kernel", "6.1.9", "1"), rpm("kernel", "6.1.10", "1")];
  expect(asked(kernels, [advisory([fix("kernel", "6.1.10-1")])])).toEqual(nothing);
  const [found] = asked(kernels, [advisory([fix("kernel", "6.1.11-1")])]).applicable;
  expect(found?.packages).toEqual([expect.objectContaining({ installed: "6.1.10-1", fixed: "6.1.11-1" })]);
});

test("an advisory below the threshold is ignored; an unknown severity meets only the threshold unknown", () => {
  const advisories = (["unknown", "low", "medium", "important", "critical"] as const).map((severity) =>
    advisory([fix("a", "2-1")], { id: severity, severity }),
  );
  const found = asked([rpm("a", "1", "1")], advisories, { threshold: "important" });
  expect(found.applicable.map(({ id }) => id)).toEqual(["critical", "important"]);
  expect(found.passedOver).toContainEqual({
    advisory: "unknown",
    reason: "unknown is below the image's threshold important",
  });
  expect(asked([rpm("a", "1", "1")], advisories).applicable.map(({ id }) => id)).toHaveLength(5);
});

test("a severity that cannot be found counts as important after a day, not before", () => {
  const since = "2026-04-14T12:00:00Z";
  const some = advisory([fix("a", "2-1")], { severity: "unknown", unknownSince: since });
  const at = (now: string, threshold: Asked["threshold"] = "important") =>
    asked([rpm("a", "1", "1")], [some], { threshold, now: new Date(now) });

  expect(at("2026-04-15T11:59:00Z").passedOver).toEqual([
    { advisory: some.id, reason: "its severity is unknown; from 2026-04-15 12:00 UTC on it counts as important" },
  ]);
  expect(at("2026-04-15T12:00:00Z").applicable).toMatchObject([{ id: some.id, severity: "unknown" }]);
  expect(at("2026-04-15T12:00:00Z", "critical").passedOver).toEqual([
    { advisory: some.id, reason: "important is below the image's threshold critical" },
  ]);
  expect(at("2026-04-14T12:00:00Z", "unknown").applicable).toHaveLength(1);
});

test("a waiver of the advisory or of all its CVEs counts, on its image, until its last day", () => {
  const some = advisory([fix("a", "2-1")], { cves: ["CVE-1", "CVE-2"] });
  const waiver = { finding: "CVE-1", image: "web", owner: "sec", reason: "no network", until: "2026-04-15" };
  const waived = (...waivers: (typeof waiver)[]) => asked([rpm("a", "1", "1")], [some], { waivers }).passedOver;

  expect(waived({ ...waiver, finding: some.id })).toEqual([
    { advisory: some.id, reason: "ALAS2023-2026-1 waived by sec until 2026-04-15: no network" },
  ]);
  expect(waived(waiver)).toEqual([]);
  expect(waived(waiver, { ...waiver, finding: "CVE-2", image: "*" })).toHaveLength(1);
  expect(waived({ ...waiver, finding: some.id, until: "2026-04-14" })).toEqual([]);
  expect(waived({ ...waiver, finding: some.id, image: "other" })).toEqual([]);
});

test("a package from the parent belongs to the parent, one that the image updated to the image", () => {
  const parent = { image: "base", packages: { packages: [rpm("a", "1", "1"), rpm("b", "1", "1")] } };
  const found = asked(
    [rpm("a", "1", "1"), rpm("b", "1", "2"), rpm("c", "1", "1")],
    [
      advisory([fix("a", "2-1")], { id: "A" }),
      advisory([fix("b", "2-1")], { id: "B" }),
      advisory([fix("a", "2-1"), fix("c", "2-1")], { id: "C" }),
    ],
    { parent },
  );

  expect(found.passedOver).toEqual([{ advisory: "A", reason: "comes with its parent base" }]);
  expect(found.applicable.map(({ id, packages }) => [id, packages.map(({ name }) => name)])).toEqual([
    ["B", ["b"]],
    ["C", ["c"]],
  ]);
});

test("an advisory without a fixed version is skipped and named", () => {
  expect(asked([rpm("a", "1", "1")], [advisory([])]).passedOver).toEqual([
    { advisory: "ALAS2023-2026-1", reason: "names no fixed version" },
  ]);
});

test("a version that cannot be compared is named, and the advisory's other packages are evaluated", () => {
  const found = asked([rpm("a", "1 beta", "1"), rpm("b", "1", "1")], [advisory([fix("a", "2-1"), fix("b", "2-1")])]);
  expect(found.applicable[0]?.packages.map(({ name }) => name)).toEqual(["b"]);
  expect(found.unjudged).toEqual([
    {
      advisory: "ALAS2023-2026-1",
      package: "a.x86_64",
      reason: expect.stringContaining('"1 beta-1" is not an RPM version'),
    },
  ]);
  const other = asked([rpm("a", "1", "1")], [advisory([fix("a", "x:2-1")])]);
  expect(other).toMatchObject({
    applicable: [],
    unjudged: [{ reason: expect.stringContaining('"x:2-1" is not an RPM version') }],
  });
});

test("a package known only by name and version is never a trigger", () => {
  const { release: _, ...known } = rpm("a", "1", "1");
  expect(asked([known], [advisory([fix("a", "2-1")])])).toMatchObject({
    applicable: [],
    unjudged: [{ package: "a.x86_64", reason: "its installed version is not fully known" }],
  });
  expect(asked([rpm("a", "1", null)], [advisory([fix("a", "2-1")])]).unjudged).toHaveLength(1);
  const native = asked([rpm("a", "1", null, "all")], [advisory([fix("a", "2", "all")])], { manager: "dpkg" });
  expect(native.applicable[0]?.packages[0]).toMatchObject({ installed: "1", fixed: "2" });
});

test("a fix in a module stream applies only to packages of that stream, and is undecided if the stream is unknown", () => {
  const fixed = [advisory([{ ...fix("nodejs", "20-1.module+el9"), module: "nodejs:20" }])];
  const nodejs = (release: string, module?: string | null) => [{ ...rpm("nodejs", "18", release), module }];
  const applies = (found: ReturnType<typeof asked>) => found.applicable.length;

  expect(applies(asked(nodejs("1.module+el9", "nodejs:20:8100020240131:489197e6"), fixed))).toBe(1);
  expect(asked(nodejs("1.module+el9", "nodejs:18:8100020240131:489197e6"), fixed)).toMatchObject({
    applicable: [],
    unjudged: [],
  });
  expect(asked(nodejs("1.el9", null), fixed)).toMatchObject({ applicable: [], unjudged: [] });
  expect(asked(nodejs("1.el9"), fixed)).toMatchObject({ applicable: [], unjudged: [] });
  expect(asked(nodejs("1.module+el9"), fixed)).toMatchObject({
    applicable: [],
    unjudged: [{ reason: expect.stringContaining("nodejs:20") }],
  });
});

test("a fix for a service pack applies if that service pack is installed", () => {
  const fixed = [advisory([{ ...fix("openssl", "3-2"), on: { name: "sles-release", version: "15.7" } }])];
  const found = (pack: string) => asked([rpm("openssl", "3", "1"), rpm("sles-release", pack, "1")], fixed);

  expect(found("15.7").applicable).toHaveLength(1);
  expect(found("15.6")).toMatchObject({ applicable: [], unjudged: [], passedOver: [] });
  expect(asked([rpm("openssl", "3", "1"), rpm("SLES-release", "15.7", "1")], fixed).applicable).toHaveLength(1);
});

test("a package that an advisory names twice is reported once", () => {
  const [found] = asked(
    [rpm("a", "1", "1", "noarch")],
    [advisory([fix("a", "2-1", "noarch"), fix("a", "2-1")])],
  ).applicable;
  expect(found?.packages).toHaveLength(1);
});
