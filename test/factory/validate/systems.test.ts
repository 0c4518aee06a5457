import { describe, expect, test } from "vitest";
import { checkSystems } from "../../../cli/factory/check-systems.ts";
import { imageOsNames, imageSystemOf } from "../../../core/component/image-system.ts";
import { supportOf, supportRows } from "../../../core/component/support-ends.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { sound } from "../bad-input/here.ts";

const { parent: _, tests: __, ...plain } = sound.images.base;
const today = new Date("2026-11-23T08:00:00Z");
const all = { gate: { cve: { critical: 0, count: "all" } } };

const findings = (image: object, more: object = {}, now = today) =>
  checkSystems(
    defineFactory({ ...sound, images: { base: { ...plain, ...image } }, ...more } as unknown as FactoryInput),
    now,
  );

/** Those beside the end of support. */
const found = (...given: Parameters<typeof findings>) =>
  findings(...given).flatMap(({ where, what, warning }) =>
    /support of /.test(what) ? [] : [{ where, what, warning }],
  );

const ends = (...given: Parameters<typeof findings>) =>
  findings(...given).flatMap(({ where, what, fix, warning }) =>
    /support of /.test(what) ? [{ where, what, fix, warning }] : [],
  );

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

describe("an end of standard support", () => {
  const debian = { os: "debian-12", components: ["amint:update-debian"] };
  const ubuntu = { os: "ubuntu-2204", components: ["amint:update-ubuntu"] };
  const on = (day: string) => new Date(`${day}T12:00:00Z`);

  test("is a warning from half a year before it, with what to do", () => {
    expect(ends(ubuntu, {}, on("2026-11-29"))).toEqual([]);
    expect(ends(ubuntu, {}, on("2026-12-01"))).toEqual([
      {
        where: "images.base.os",
        what: "standard support of ubuntu-2204 ends on 2027-06-01; Ubuntu Pro, paid, has updates until 2032-04-21",
        fix: "move to ubuntu-2604, or use Ubuntu Pro (https://ubuntu.com/about/release-cycle)",
        warning: true,
      },
    ]);
  });

  test("stays a warning after it, also where further updates ended, too", () => {
    expect(ends(debian, {}, on("2026-07-11"))[0]?.what).toMatch(/^standard support of debian-12 ends on 2026-07-11;/);
    expect(ends(debian, {}, on("2026-07-12"))).toEqual([
      {
        where: "images.base.os",
        what: "standard support of debian-12 ended on 2026-07-11; Debian LTS has updates until 2028-06-30",
        fix: "move to debian-13, or use Debian LTS (https://www.debian.org/releases/)",
        warning: true,
      },
    ]);
    expect(ends(debian, {}, on("2028-07-01"))[0]).toMatchObject({
      what: "standard support of debian-12 ended on 2026-07-11; Debian LTS ended on 2028-06-30",
      fix: "move to debian-13 (https://www.debian.org/releases/)",
    });
    expect(ends({ ...al2, gate: plain.gate })[0]?.what).toBe("standard support of al2 ended on 2026-06-30");
  });

  test("is that of the parent's service pack, which a pattern may leave open", () => {
    const systemOf = (name: string) =>
      ends({ ...sles("15"), parent: { ami: { owner: "013907871322", name } } })[0]?.what.split(";")[0];

    expect(ends(sles("15-sp6"))[0]?.what).toBe(
      "standard support of sles-15-sp6 ended on 2025-12-31; SUSE's LTSS, paid, has updates until 2028-12-31",
    );
    expect(systemOf("suse-sles-15-sp5-v*-hvm-ssd-x86_64")).toBe("standard support of sles-15-sp5 ended on 2024-12-31");
    expect(systemOf("suse-sles-15-sp7-v*-hvm-ssd-x86_64")).toBeUndefined();
    expect(systemOf("suse-sles-15-sp*-v*-hvm-ssd-x86_64")).toBeUndefined();
  });

  test("is unknown for a minor version of SLES that is not listed", () => {
    const sles16 = (release: string) => ({ ...sles(release), os: "sles-16" });

    expect(ends(sles16("16.0"), {}, on("2027-12-01"))[0]?.what).toMatch(/^standard support of sles-16.0 ended/);
    expect(ends(sles16("16.1"), {}, on("2027-12-01"))).toEqual([]);
  });

  test("is Ubuntu Pro's where the image has it, and a parent's in the images made from it", () => {
    const pro = { ssm: "/aws/service/canonical/ubuntu/pro-server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id" };
    const child = { ...plain, ...ubuntu, parent: { image: "base", channel: "stable" } };
    const images = { base: { ...plain, ...ubuntu, parent: pro }, child };

    expect(ends({ ...ubuntu, ubuntuPro: true }, {}, on("2028-01-01"))).toEqual([]);
    expect(ends({}, { images }, on("2028-01-01"))).toEqual([]);
    expect(ends({}, { images }, on("2032-05-01")).map(({ where, what }) => [where, what])).toEqual([
      ["images.base.os", "Ubuntu Pro's support of ubuntu-2204 ended on 2032-04-21"],
      ["images.child.os", "Ubuntu Pro's support of ubuntu-2204 ended on 2032-04-21"],
    ]);
  });
});

describe("every system", () => {
  const rows = Object.entries(supportRows);

  test("has ends in order, and is replaced by one that is supported longer", () => {
    for (const [os, { until, further, newer }] of rows) {
      expect([os, new Date(until).toISOString().slice(0, 10)]).toEqual([os, until]);
      expect([os, !further || further.until > until]).toEqual([os, true]);
      // SLES 15's last service pack outlives 16.0, which is followed by other minor versions.
      expect([os, os === "sles-15" || !newer || supportRows[newer].until > until]).toEqual([os, true]);
    }
  });

  test("has the ends of its default parent's release", () => {
    for (const os of imageOsNames) {
      const parent = imageSystemOf(os).parent?.("x86_64");
      expect([os, supportOf(os, parent)?.until]).toEqual([os, supportRows[os].until]);
    }
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
