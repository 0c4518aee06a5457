import { expect, test } from "vitest";
import { defineFactory, FactoryConfigError } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { level1, ruleId, waiver } from "./an-evidence.ts";

const factory = (gate: object, changes: object = {}): FactoryInput => ({
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
  images: {
    web: {
      os: "al2023",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      components: ["amint:update-al2023"],
      tests: ["images/components/smoke.yaml"],
      gate: { cve: { critical: 0, count: "fixable" }, ...gate },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
  ...changes,
});

const faultsOf = (...about: Parameters<typeof factory>): readonly string[] => {
  try {
    defineFactory(factory(...about));
    return [];
  } catch (error) {
    if (error instanceof FactoryConfigError) return error.faults;
    throw error;
  }
};

const cis = {
  content: { url: "https://example.com/ssg-al2023-ds.xml", sha256: "a".repeat(64) },
  profile: level1,
  baseline: { profile: level1, accepted: { [ruleId("tmp")]: "one volume" } },
};

test("a gate with everything in it is taken, and its defaults are filled in", () => {
  const gate = {
    benchmark: cis,
    packages: { forbidden: ["telnet"] },
    drift: { added: 20 },
    parent: { maxAge: "60d" },
    sbom: "required",
  };

  expect(defineFactory(factory(gate, { waivers: [waiver("CVE-1")] })).images.web?.gate).toEqual({
    cve: { critical: 0, count: "fixable" },
    benchmark: { ...cis, leastChecks: 1, onViolation: "reject" },
    packages: { required: [], forbidden: ["telnet"] },
    drift: { added: 20, onViolation: "ask" },
    parent: { maxAge: 60 * 86_400, onViolation: "reject" },
    sbom: "required",
  });
});

test.each([
  [
    { packages: { required: ["bash", "telnet"], forbidden: ["telnet"] } },
    'images.web.gate.packages: "telnet" is both required and forbidden',
  ],
  [
    { packages: { required: ["openssl 3.2"] } },
    'images.web.gate.packages.required[0]: expected a package name without a version, such as "telnet", found "openssl 3.2"',
  ],
  [
    { benchmark: { ...cis, baseline: { ...cis.baseline, profile: "xccdf_org.example_profile_level2" } } },
    `images.web.gate.benchmark.baseline.profile: expected the gate's "${level1}", found "xccdf_org.example_profile_level2"`,
  ],
  [
    { benchmark: { ...cis, content: { ...cis.content, url: "http://example.com/x.xml" } } },
    'images.web.gate.benchmark.content.url: expected an HTTPS URL such as "https://.../ssg-al2023-ds.xml", found "http://example.com/x.xml"',
  ],
  [
    { benchmark: { ...cis, baseline: { profile: level1, accepted: { [ruleId("tmp")]: "" } } } },
    `images.web.gate.benchmark.baseline.accepted.${ruleId("tmp")}: expected at least 1 character, found ""`,
  ],
  [
    { drift: { onViolation: "shrug" } },
    'images.web.gate.drift.onViolation: expected one of "reject", "ask", found "shrug"',
  ],
  [{ drift: { sizeMiB: -1 } }, "images.web.gate.drift.sizeMiB: expected at least 0, found -1"],
  [{ benchmark: { by: "inspector", level: 3 } }, "images.web.gate.benchmark.level: expected one of 1, 2, found 3"],
  [
    { benchmark: { by: "inspector", level: 1, baseline: { level: 2, accepted: {} } } },
    "images.web.gate.benchmark.baseline.level: expected the gate's 1, found 2",
  ],
  [
    { benchmark: { by: "inspector", level: 1, baseline: { level: 1, accepted: { tmp: "one volume" } } } },
    expect.stringMatching(
      /^images\.web\.gate\.benchmark\.baseline\.accepted\.tmp: .*the number of a check.*"1\.1\.2\.1"/,
    ),
  ],
  [
    { benchmark: { by: "inspector", level: 1, profile: level1 } },
    "images.web.gate.benchmark.profile: unknown key; use one of baseline, leastChecks, onViolation",
  ],
  [
    { benchmark: { by: "scanner", level: 1 } },
    expect.stringMatching(
      /^images\.web\.gate\.benchmark\.by: expected one of "openscap", "inspector", found "scanner"$/,
    ),
  ],
  [{ cve: { count: "all", score: 11 } }, "images.web.gate.cve.score: expected at most 10, found 11"],
])("a fault of a gate names its path, what would be valid and what was found: %j", (gate, fault) => {
  expect(faultsOf(gate)).toEqual([fault]);
});

test("a benchmark by Amazon Inspector wants a level, and nothing of what OpenSCAP needs", () => {
  const byInspector = { by: "inspector", level: 2, baseline: { level: 2, accepted: { "1.1.2.1": "one volume" } } };

  expect(defineFactory(factory({ benchmark: byInspector })).images.web?.gate.benchmark).toEqual({
    ...byInspector,
    leastChecks: 1,
    onViolation: "reject",
  });
});

test("a URL cannot leave the quotes of the component's script", () => {
  for (const url of ["https://x/a'.xml", "https://x/$(id).xml", "https://x/a b.xml", "https://x/`id`.xml"]) {
    expect(faultsOf({ benchmark: { ...cis, content: { ...cis.content, url } } }), url).toHaveLength(1);
  }
});

test("a waiver for an unknown image is refused, and the images are listed", () => {
  expect(faultsOf({}, { waivers: [waiver("CVE-1"), waiver("CVE-1", { image: "wbe" })] })).toEqual([
    'waivers[1].image: expected one of "*", "web", found "wbe"',
  ]);
});

test("a waiver without an end is refused by its path", () => {
  const { until: _, ...endless } = waiver("CVE-1");

  expect(faultsOf({}, { waivers: [endless] })).toEqual([
    expect.stringMatching(/^waivers\[0\]\.until: expected .*, found nothing$/),
  ]);
});
