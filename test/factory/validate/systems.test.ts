import { describe, expect, test } from "vitest";
import { checkSystems } from "../../../cli/factory/check-systems.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { sound } from "../bad-input/here.ts";

const { parent: _, tests: __, ...plain } = sound.images.base;
const today = new Date("2026-11-23T08:00:00Z");
const all = { gate: { cve: { critical: 0, count: "all" } } };

const found = (image: object, more: object = {}, now = today) =>
  checkSystems(
    defineFactory({ ...sound, images: { base: { ...plain, ...image } }, ...more } as unknown as FactoryInput),
    now,
  ).map(({ where, what, warning }) => ({ where, what, warning }));

const al2 = { os: "al2", components: ["aws:update-linux"], ...all };
const sles = (release: string) => ({
  os: "sles-15",
  components: ["amint:update-sles"],
  parent: { ssm: `/aws/service/suse/sles/${release}/x86_64/latest` },
  ...all,
});

describe("a discontinued system", () => {
  test("has a critical finding of its own, so that critical: 0 cannot pass", () => {
    expect(found(al2)).toEqual([
      {
        where: "images.base.gate.cve.critical",
        what: "Amazon Inspector has a CRITICAL finding for each instance of al2, discontinued since 2026-06-30: critical: 0 cannot pass",
        warning: undefined,
      },
    ]);
    expect(found(al2, {}, new Date("2026-06-29T23:00:00Z"))).toEqual([]);
  });

  test.each([
    ["15", "2019-12-31"],
    ["15-sp6", "2025-12-31"],
  ])("is SLES %s", (release, since) => {
    expect(found(sles(release))).toEqual([
      expect.objectContaining({
        what: expect.stringContaining(`discontinued since ${since}: critical: 0 cannot pass`),
      }),
    ]);
  });

  test("is SLES by its owner's AMIs, too", () => {
    const ami = { owner: "013907871322", name: "suse-sles-15-sp5-v*-hvm-ssd-x86_64" };

    expect(found({ ...sles("15"), parent: { ami } })).toEqual([
      expect.objectContaining({ what: expect.stringContaining("discontinued since 2024-12-31") }),
    ]);
  });

  test("is not SLES 15 SP7, and no matter where the gate allows the finding", () => {
    expect(found(sles("15-sp7"))).toEqual([]);
    expect(found({ ...al2, gate: { cve: { critical: 1, count: "all" } } })).toEqual([]);
  });

  test("is a fault of stricter limits, too, and of the images made from it", () => {
    const child = { ...plain, ...al2, parent: { image: "base", channel: "stable" } };
    const images = { base: { ...plain, ...al2, gate: { cve: { high: 0, count: "all" } } }, child };

    expect(found({}, { images }).map(({ where }) => where)).toEqual([
      "images.base.gate.cve.high",
      "images.child.gate.cve.critical",
    ]);
  });

  test("is a warning where it is not certain: only fixable findings count, or a waiver may be for it", () => {
    const uncertain = [
      { where: "images.base.gate.cve.critical", what: expect.stringContaining("may not pass"), warning: true },
    ];
    const waivers = [{ finding: "x", image: "*", owner: "ada", reason: "it moves", until: "2026-12-31" }];

    expect(found({ ...al2, gate: plain.gate })).toEqual(uncertain);
    expect(found(al2, { waivers })).toEqual(uncertain);
    expect(found(al2, { waivers: [{ ...waivers[0], until: "2026-01-01" }] })[0]?.warning).toBeUndefined();
  });
});

test("systems that Image Builder does not list have a warning that says so", () => {
  for (const os of ["debian-13", "ubuntu-2604"]) {
    expect(found({ os })).toEqual([
      {
        where: "images.base.os",
        what: `${os} is not in Image Builder's list of supported operating systems`,
        warning: true,
      },
    ]);
  }
  expect(found({ os: "windows-2025", components: ["aws:update-windows"] })).toEqual([]);
});

test("updates of Windows come first", () => {
  const late = { os: "windows-2022", components: ["amint:windows-hardening", "aws:update-windows"] };

  expect(found(late)).toEqual([
    {
      where: "images.base.components[1]",
      what: "aws:update-windows comes after other components, and updates can undo what they set",
      warning: true,
    },
  ]);
});

test("Ubuntu Pro on a parent without it has a warning", () => {
  expect(found({ os: "ubuntu-2404", components: ["amint:update-ubuntu"], ubuntuPro: true })).toEqual([
    {
      where: "images.base.ubuntuPro",
      what: expect.stringContaining("if a component attaches a subscription"),
      warning: true,
    },
  ]);
});

test("a product of AWS Marketplace as parent has a warning of what it forbids", () => {
  const parent = { ssm: "/aws/service/marketplace/prod-1234567890abc/latest" };

  expect(found({ os: "rhel-9", components: ["amint:update-enterprise-linux"], parent })).toEqual([
    {
      where: "images.base.parent.ssm",
      what: expect.stringMatching(
        /needs its own subscription, they cannot be made public or exported, .* at most four/,
      ),
      warning: true,
    },
  ]);
});
