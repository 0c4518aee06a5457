import { describe, expect, test } from "vitest";
import { advisoriesOf, type ImageOs, imageOsNames, imageSystemOf } from "../../core/component/image-system.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn } from "./faults.ts";

const { parent: _, tests: __, ...plain } = imageOf();
const rhelParent = { ssm: "/aws/service/marketplace/prod-1234567890abc/latest" };

const image = (os: ImageOs, changes: object = {}) => {
  const { parent, withoutParent, update } = imageSystemOf(os);
  return { ...plain, os, components: [update], ...(!parent && withoutParent && { parent: rhelParent }), ...changes };
};

const define = (images: object) => defineFactory(configWith({ images })).images;

const faultsOf = (images: object) => faultsIn(() => define(images));

const cis = {
  content: { url: "https://example.com/ssg-ds.xml", sha256: "a".repeat(64) },
  profile: "xccdf_org.ssgproject.content_profile_cis",
};
const byInspector = { by: "inspector", level: 1 };

describe("an image of every system", () => {
  test.each(imageOsNames)("%s needs no more than its components", (os) => {
    const { volumeGiB, tests } = imageSystemOf(os);

    expect(define({ base: image(os) }).base).toMatchObject({
      os,
      volumeGiB,
      tests: tests.map((document) => ({ document })),
    });
  });

  test("starts from the vendor's public AMI, of its architecture", () => {
    const parentOf = (os: ImageOs, architecture = "x86_64") =>
      define({ base: image(os, { architecture }) }).base?.parent;

    expect(parentOf("windows-2022")).toEqual({
      ssm: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
    });
    expect(parentOf("al2023-ecs", "arm64")).toEqual({
      ssm: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
    });
    expect(parentOf("ubuntu-2604", "arm64")).toEqual({
      ssm: "/aws/service/canonical/ubuntu/server/26.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
    });
    expect(parentOf("sles-15")).toEqual({ ssm: "/aws/service/suse/sles/15-sp7/x86_64/latest" });
    expect(parentOf("sles-16", "arm64")).toEqual({ ssm: "/aws/service/suse/sles/16.0/arm64/latest" });
    expect(parentOf("windows-2025-core")).toEqual({
      ssm: "/aws/service/ami-windows-latest/Windows_Server-2025-English-Core-Base",
    });
  });

  test("names a parent where the vendor publishes no parameter, and says why", () => {
    expect(faultsOf({ base: image("rhel-9", { parent: undefined }) })).toEqual([
      'images.base.parent: expected a parent (Red Hat publishes no public parameter, only AMIs: { ami: { owner: "309956199498", name: "RHEL-9*_HVM-*-Hourly2-GP3" } }), found nothing',
    ]);
    expect(faultsOf({ base: image("al2023-eks", { parent: undefined }) })).toEqual([
      expect.stringContaining("its parameters name a version of Kubernetes"),
    ]);
    expect(faultsOf({ base: image("al2023", { kind: "container" }) })).toEqual([
      'images.base.parent: expected a parent (images of kind "container" have no default parent), found nothing',
    ]);
  });

  test("lists its tests if it is a container image", () => {
    const parent = { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" };

    expect(faultsOf({ base: image("al2023", { kind: "container", parent }) })).toEqual([
      'images.base.tests: expected tests (the operating system\'s own are for instances, not for images of kind "container"), found nothing',
    ]);
  });

  test("of Windows can be Core", () => {
    const parent = { ssm: "/aws/service/ami-windows-latest/Windows_Server-2025-English-Core-Base" };

    expect(faultsOf({ base: image("windows-2025", { parent }) })).toEqual([]);
    expect(faultsOf({ base: image("windows-2022", { parent }) })).toEqual([
      `images.base.parent.ssm: expected a parent of os "windows-2022", found one of windows-2025: "${parent.ssm}"`,
    ]);
    const full = { ssm: parent.ssm.replace("Core", "Full") };
    expect(faultsOf({ base: image("windows-2025-core", { parent }) })).toEqual([]);
    expect(faultsOf({ base: image("windows-2025-core", { parent: full }) })).toEqual([
      `images.base.parent.ssm: expected a parent of os "windows-2025-core", found one of windows-2025: "${full.ssm}"`,
    ]);
  });
});

describe("what cannot work is refused with its reason:", () => {
  test.each(
    Object.entries<[object, string]>({
      "Windows on arm64": [
        image("windows-2022", { architecture: "arm64" }),
        'images.base.architecture: expected "x86_64" for windows-2022, found "arm64"',
      ],
      "a volume smaller than the vendor's AMI": [
        image("windows-2019", { volumeGiB: 20 }),
        "images.base.volumeGiB: expected at least 30, the volume of windows-2019's AMIs, found 20",
      ],
      "a component for Linux on Windows": [
        image("windows-2022", { tests: ["aws:simple-boot-test-linux"] }),
        'images.base.tests[0]: "aws:simple-boot-test-linux" is for Linux, and windows-2022 is Windows',
      ],
      "a component for Windows on Linux": [
        image("debian-13", { components: ["aws:stig-build-windows-high"] }),
        'images.base.components[0]: "aws:stig-build-windows-high" is for Windows, and debian-13 is Linux',
      ],
      "aws:update-linux on SLES": [
        image("sles-15", { components: ["aws:update-linux"] }),
        'images.base.components[0]: expected "amint:update-sles", found "aws:update-linux": UpdateOS works with yum and apt-get, and SLES has zypper',
      ],
      "AWS's STIG components on SLES 16": [
        image("sles-16", { components: ["aws:stig-build-linux"] }),
        "images.base.components[0]: \"aws:stig-build-linux\" does not support sles-16: AWS's STIG components do not support it and would apply RHEL's settings",
      ],
      "aws:update-linux on a variant of Amazon Linux 2023": [
        image("al2023-minimal", { components: ["aws:update-linux"] }),
        'images.base.components[0]: expected "amint:update-al2023", found "aws:update-linux": UpdateOS does not support Amazon Linux 2023, whose dnf is locked to a release',
      ],
      "AWS's STIG components on Debian": [
        image("debian-12", { components: [{ aws: "stig-build-linux", parameters: { Level: "High" } }] }),
        "images.base.components[0]: \"aws:stig-build-linux\" does not support debian-12: AWS's STIG components do not support it and would apply RHEL's settings",
      ],
      "a level that STIG does not have": [
        image("rhel-9", { components: [{ aws: "stig-build-linux", parameters: { Level: "high" } }] }),
        'images.base.components[0].parameters.Level: expected one of "Low", "Medium", "High", found "high"',
      ],
      "categories of Inspector's benchmark": [
        image("rhel-9", { gate: { ...plain.gate, benchmark: { ...byInspector, categories: { I: 0 } } } }),
        "images.base.gate.benchmark.categories: unknown key; use one of baseline, leastChecks, onViolation",
      ],
      "categories without a limit": [
        image("rhel-9", { gate: { ...plain.gate, benchmark: { ...cis, categories: {} } } }),
        "images.base.gate.benchmark.categories: expected a limit for at least one of the categories I, II, III, found {}",
      ],
      "OpenSCAP on Windows": [
        image("windows-2022", { gate: { ...plain.gate, benchmark: cis } }),
        'images.base.gate.benchmark.by: OpenSCAP does not evaluate Windows; expected "inspector", found nothing',
      ],
      "a parameter of ECS whose value is JSON": [
        image("al2023-ecs", { parent: { ssm: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended" } }),
        'images.base.parent.ssm: the value of this parameter is JSON; expected "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id", found "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended"',
      ],
    }),
  )("%s", (_what, [base, fault]) => {
    expect(faultsOf({ base })).toEqual([fault]);
  });

  test.each(["debian-12", "alma-9", "rhel-10", "rocky-10", "alma-10", "sles-16", "ubuntu-2604", "al2"] as const)(
    "Inspector's benchmark of %s, which OpenSCAP's content replaces",
    (os) => {
      expect(faultsOf({ base: image(os, { gate: { ...plain.gate, benchmark: byInspector } }) })).toEqual([
        expect.stringMatching(
          new RegExp(`^images.base.gate.benchmark.by: Amazon Inspector has no CIS benchmark for ${os}, only`),
        ),
      ]);
      expect(faultsOf({ base: image(os, { gate: { ...plain.gate, benchmark: cis } }) })).toEqual([]);
    },
  );

  test("a volume smaller than that of a parent in the factory", () => {
    const base = image("al2023", { volumeGiB: 40 });
    const child = image("al2023", { parent: { image: "base", channel: "stable" }, volumeGiB: 30 });

    expect(faultsOf({ base, child })).toEqual([
      'images.child.volumeGiB: expected at least 40, the volume of its parent "base", or no value for the same size; found 30',
    ]);
  });

  test("Ubuntu Pro in an image of another system", () => {
    expect(faultsOf({ base: image("debian-12", { ubuntuPro: true }) })).toEqual([
      "images.base.ubuntuPro: valid only for Ubuntu; remove it, found true for debian-12",
    ]);
  });

  test("a document in images of two platforms", () => {
    const images = {
      linux: image("al2023", { tests: ["smoke.yaml"] }),
      other: image("windows-2022", { tests: ["smoke.yaml"] }),
    };

    expect(faultsOf(images)).toEqual([
      'images.other: "smoke.yaml" is also used by images.linux, which is Linux; a component has one platform: write a document for each',
    ]);
  });
});

test("an image made from another one has its volume, unless it says otherwise", () => {
  const below = (name: string, changes: object = {}) =>
    image("al2023", { parent: { image: name, channel: "stable" }, ...changes });
  const { base, child, larger, grandchild } = define({
    grandchild: below("larger"),
    child: below("base"),
    larger: below("child", { volumeGiB: 60 }),
    base: image("al2023", { volumeGiB: 40 }),
  });

  expect([base, child, larger, grandchild].map((one) => one?.volumeGiB)).toEqual([40, 40, 60, 60]);
});

test("variants of Amazon Linux 2023 have its advisories", () => {
  expect(["al2023-minimal", "al2023-ecs", "al2023-eks"].map((os) => advisoriesOf(os as ImageOs))).toEqual(
    Array(3).fill("al2023"),
  );
  expect(advisoriesOf("rocky-9")).toBe("rocky-9");
});

test("AWS's STIG components and STIG's categories are allowed for systems with a DISA guide", () => {
  const stig = { ...cis, profile: "xccdf_org.ssgproject.content_profile_stig", categories: { I: 0, II: 10 } };
  const components = ["amint:update-enterprise-linux", { aws: "stig-build-linux", parameters: { Level: "Medium" } }];

  expect(faultsOf({ base: image("rhel-9", { components, gate: { ...plain.gate, benchmark: stig } }) })).toEqual([]);
  expect(faultsOf({ base: image("windows-2022", { components: ["aws:stig-build-windows-high"] }) })).toEqual([]);
});
