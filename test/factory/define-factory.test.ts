import { describe, expect, test } from "vitest";
import { imageOsNames } from "../../core/component/image-system.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { notifySchema } from "../../core/factory/notify-schema.ts";
import { every, patchTuesday } from "../../core/factory/schedule-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];

const image = imageOf;

const factory = (images: FactoryInput["images"], changes: Partial<FactoryInput> = {}): FactoryInput =>
  configWith({ images, ...changes });

const faultsOf = (input: unknown) => faultsIn(() => defineFactory(input as FactoryInput));

const child = (parent: string, channel = "stable"): ImageInput => image({ parent: { image: parent, channel } });

test("a valid factory comes back with its defaults filled in", () => {
  const defined = defineFactory(factory({ base: image() }));
  expect(defined.images.base).toMatchObject({
    volumeGiB: 8,
    triggers: { parent: false },
    channels: [{ soak: { usual: 0, urgent: 0 } }],
  });
});

test("a schedule can be any expression of EventBridge Scheduler's, in a time zone", () => {
  const schedule = every("cron(0 3 ? * MON#1 *)", { timezone: "Europe/Zurich" });
  expect(defineFactory(factory({ base: image({ triggers: { schedule } }) })).images.base?.triggers.schedule).toEqual(
    schedule,
  );
  expect(faultsOf(factory({ base: image({ triggers: { schedule: every("monthly") } }) }))).toHaveLength(1);
});

test("soak is read as seconds", () => {
  const channels = [{ name: "candidate", share: { organization: true as const }, soak: "24h" }];
  expect(defineFactory(factory({ base: image({ channels }) })).images.base?.channels[0]?.soak).toEqual({
    usual: 86_400,
    urgent: 86_400,
  });
});

describe("a fault names its path, what was found and what would be valid:", () => {
  const broken = (changes: object) => faultsOf(factory({ base: { ...image(), ...changes } as ImageInput }));
  test.each(
    Object.entries<[object, string]>({
      os: [
        { os: "windows95" },
        `images.base.os: expected one of ${imageOsNames.map((os) => `"${os}"`).join(", ")}, found "windows95"`,
      ],
      "a share of nothing": [
        { channels: [{ name: "stable", share: {} }] },
        'images.base.channels[0].share: expected at least one of organization: true, organizationalUnits, accounts, accountTags, found {"organizationalUnits":[],"accounts":[]}',
      ],
      "an account id": [
        { channels: [{ name: "stable", share: { accounts: ["12"] } }] },
        'images.base.channels[0].share.accounts[0]: expected a 12-digit account ID such as "111122223333", found "12"',
      ],
      "a threshold": [
        { gate: { cve: { critical: -1, count: "all" } } },
        "images.base.gate.cve.critical: expected at least 0, found -1",
      ],
      "a time zone": [
        { triggers: { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Mars/Base" }) } },
        'images.base.triggers.schedule.timezone: expected an IANA time zone such as "Europe/Zurich" or "UTC", found "Mars/Base"',
      ],
      "a day that no month has": [
        { triggers: { schedule: patchTuesday({ plusDays: 15, at: "03:00" }) } },
        "images.base.triggers.schedule.plusDays: expected at most 14, found 15",
      ],
      "an unknown setting": [
        { colour: "blue" },
        "images.base.colour: unknown key; use one of kind, description, ubuntuPro, instanceTypes, network, instanceTags, volumeGiB, container, triggers, urgent, retention, regions",
      ],
      "a misspelled key": [
        { instanceType: ["m7i.large"] },
        'images.base.instanceType: unknown key; did you mean "instanceTypes"?',
      ],
      "a misspelled key of one form of several": [
        { parent: { image: "base", chanel: "stable" } },
        'images.base.parent.chanel: unknown key; did you mean "channel"?',
      ],
      "missing tests": [{ tests: [] }, "images.base.tests: expected at least 1 item, found []"],
    }),
  )("%s", (_name, [changes, fault]) => {
    expect(broken(changes)).toEqual([fault]);
  });

  test("a parent that is neither kind", () => {
    expect(broken({ parent: { ami: "ami-1" } })[0]).toMatch(
      /^images\.base\.parent: expected \{ ssm: .* \} .*, found \{"ami":"ami-1"\}$/,
    );
  });

  test("an image's name", () => {
    expect(faultsOf(factory({ Base_1: image() }))[0]).toContain("images");
  });

  test("all faults at once", () => {
    expect(broken({ os: "x", volumeGiB: 1 })).toHaveLength(2);
  });
});

describe("parents", () => {
  test("an unknown one is refused, and the images are listed", () => {
    expect(faultsOf(factory({ base: image(), web: child("bsae") }))).toEqual([
      'images.web.parent.image: expected one of "base", "web", found "bsae"',
    ]);
  });

  test("a channel that the parent does not have is refused with those it has", () => {
    expect(faultsOf(factory({ base: image(), web: child("base", "prod") }))).toEqual([
      'images.web.parent.channel: expected one of "stable", found "prod"',
    ]);
  });

  test("a cycle is named once, from image to image", () => {
    const faults = faultsOf(factory({ a: child("c"), b: child("a"), c: child("b") }));
    expect(faults).toEqual(["images.a.parent: expected no cycle of parents, found a -> c -> b -> a"]);
  });

  test("an image that is its own parent is a cycle, too", () => {
    expect(faultsOf(factory({ a: child("a") }))).toEqual([
      "images.a.parent: expected no cycle of parents, found a -> a",
    ]);
  });

  test("a build triggered by a parent needs a parent in the factory", () => {
    expect(faultsOf(factory({ base: image({ triggers: { parent: true } }) }))).toEqual([
      "images.base.triggers.parent: requires a parent that is an image of this factory, { image, channel }",
    ]);
  });
});

test("the build region must be among the regions", () => {
  expect(faultsOf(factory({ base: image() }, { regions: ["us-east-1"] }))).toEqual([
    'regions: must contain the build region "eu-west-1", found ["us-east-1"]',
  ]);
});

const faultOf = (reservedConcurrency: unknown) =>
  notifySchema.safeParse({ slack: { channel: "#golden-images", reservedConcurrency } }).error?.issues[0]?.message;

test("reserved concurrency is a whole number from 1 to 100, and off by default", () => {
  expect([undefined, 1, 100].map(faultOf)).toEqual([undefined, undefined, undefined]);
  expect(faultOf(0)).toContain("1 or more");
  expect(faultOf(101)).toContain("at most 100");
  expect(faultOf(2.5)).toContain("a whole number of executions");
  expect(faultOf("5")).toContain("a whole number of executions");
});
