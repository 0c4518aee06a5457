import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { configWith, faultsIn } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];
type Retention = NonNullable<ImageInput["retention"]>;

const good: Retention = { keep: 3, deprecateAfter: "60d", disableAfter: "120d", retireAfter: "180d" };

const faultsOf = (retention: object) =>
  faultsIn(() => {
    const approval = { approvers: ["ada"], required: 1, timeout: "3d" };
    const channels = [
      { name: "candidate", share: { organization: true }, soak: "2d" },
      { name: "stable", share: { organization: true }, approval },
    ];
    const people = { ada: { slack: "U012AB3CD" } };
    defineFactory(configWith({ notify: { slack: { channel: "#images" } }, people }, { channels, retention }));
  });

test("a retention that keeps what channels need is in order", () => {
  expect(faultsOf(good)).toEqual([]);
});

const at = "images.base.retention";

test.each<[string, object, string]>([
  ["keeps nothing", { keep: 0 }, `${at}.keep: expected at least 1, found 0`],
  [
    "keeps too few to go back",
    { keep: 2 },
    `${at}.keep: expected at least 3, a build for each channel ("candidate", "stable") and one to roll back to, found 2`,
  ],
  [
    "deprecates what soaks or waits for people",
    { deprecateAfter: "5d" },
    `${at}.deprecateAfter: expected more than "5d", the channels' soaks and approval timeouts together, found "5d"`,
  ],
  [
    "disables before it deprecates",
    { disableAfter: "60d" },
    `${at}.disableAfter: expected more than deprecateAfter, "60d", found "60d"`,
  ],
  [
    "deregisters before it disables",
    { retireAfter: "36h" },
    `${at}.retireAfter: expected more than disableAfter, "120d", found "36h"`,
  ],
  [
    "has no age",
    { retireAfter: undefined },
    `${at}.retireAfter: expected a duration such as "30m", "24h" or "3d", found nothing`,
  ],
  [
    "says an age in words",
    { disableAfter: "4 months" },
    `${at}.disableAfter: expected a duration such as "30m", "24h" or "3d", found "4 months"`,
  ],
  ["names what there is not", { after: "1d" }, `${at}.after: unknown key; remove it`],
])("a retention that %s is refused with what would be valid", (_name, changes, fault) => {
  expect(faultsOf({ ...good, ...changes })).toEqual([fault]);
});
