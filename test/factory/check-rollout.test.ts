import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];
type RolloutInput = NonNullable<NonNullable<ImageInput["channels"]>[number]["rollout"]>;

const MANAGEMENT = "999988887777";
const consumers = { verify: ["400000000001"], organizationalUnits: ["ou-exam-workload"], mirror: true };

const image = (rollout: RolloutInput | undefined, changes: Partial<ImageInput> = {}): ImageInput =>
  imageOf({ channels: [{ name: "stable", share: { organization: true }, ...(rollout && { rollout }) }], ...changes });

const faultsOf = (rollout: RolloutInput | undefined, changes: Partial<FactoryInput> = {}) =>
  faultsIn(() => defineFactory(configWith({ consumers, images: { base: image(rollout) }, ...changes })));

const at = "images.base.channels[0].rollout";

test("a rollout with defaults, and one with explicit waves, windows and health, is accepted", () => {
  const waves: RolloutInput["waves"] = [
    { name: "canary", accounts: ["400000000001"], bake: "2h" },
    { name: "test", organizationalUnits: ["ou-exam-workload"] },
    { name: "late", tag: { tier: "critical" } },
    { name: "rest" },
  ];

  expect(faultsOf({})).toEqual([]);
  expect(faultsOf({ waves, minHealthy: 0, maxHealthy: 100 })).toEqual([]);
  expect(faultsOf({ windows: [{ cron: "0 3 ? * MON-FRI *", duration: "2h" }] })).toEqual([]);
});

test.each([
  [
    [{ name: "one", accounts: ["400000000001"] }, { name: "one" }],
    [`${at}.waves[1].name: expected each name once, found "one" again`],
  ],
  [
    [{ name: "all" }, { name: "rest", accounts: ["400000000001"] }],
    [
      `${at}.waves[0]: expected organizationalUnits, accounts or tag, found none: "all" would have every group, and later waves none`,
    ],
  ],
  [
    [
      { name: "one", accounts: ["400000000001", "400000000001"] },
      { name: "two", accounts: ["400000000001"] },
    ],
    [
      `${at}.waves[0].accounts[1]: expected each ID once, found "400000000001" again`,
      `${at}.waves[1].accounts[0]: expected each ID in one wave, found "400000000001", which is in wave "one"`,
    ],
  ],
  [
    [
      { name: "one", organizationalUnits: ["ou-exam-workload"] },
      { name: "two", organizationalUnits: ["ou-exam-workload"] },
    ],
    [
      `${at}.waves[1].organizationalUnits[0]: expected each ID in one wave, found "ou-exam-workload", which is in wave "one"`,
    ],
  ],
  [
    [{ name: "one", accounts: [MANAGEMENT] }],
    [
      `${at}.waves[0].accounts[0]: expected a member account, found the management account "${MANAGEMENT}", in which StackSets creates no role`,
    ],
  ],
])("waves %j are refused", (waves, faults) => {
  expect(faultsOf({ waves })).toEqual(faults);
});

test.each([
  [{ minHealthy: 90, maxHealthy: 191 }, `${at}.maxHealthy: expected at most 190, 100 above minHealthy 90, found 191`],
  [{ minHealthy: 0 }, `${at}.maxHealthy: expected at most 100, 100 above minHealthy 0, found 110`],
  [
    { minHealthy: 100, maxHealthy: 100 },
    `${at}.maxHealthy: expected above 100 with minHealthy 100, found 100: a group could neither launch an instance first nor terminate one`,
  ],
])("%j, which AWS would refuse or could not keep, is refused", (rollout, fault) => {
  expect(faultsOf(rollout)).toEqual([fault]);
});

test("windows that blackouts always cover are refused; a part of one that is left is enough", () => {
  const never = [
    `${at}.windows: expected a window outside the blackouts within a year, found none: no instance would ever be replaced`,
  ];
  const windows = [{ cron: "0 3 ? * SAT *", duration: "2h" }];
  const weekend = (duration: string) => ({ blackouts: [{ cron: "0 0 ? * SAT *", duration, reason: "weekend" }] });

  expect(faultsOf({ windows }, weekend("5h"))).toEqual(never);
  expect(faultsOf({ windows }, weekend("4h"))).toEqual([]);
  expect(faultsOf({ windows: [...windows, { cron: "0 3 ? * TUE *", duration: "1h" }] }, weekend("5h"))).toEqual([]);
  expect(faultsOf({ windows: [{ cron: "0 3 1 1 ? 2020", duration: "1h" }] })).toEqual(never);
  expect(faultsOf({ windows: [{ cron: "* * ? * SAT *", duration: "1m" }] }, weekend("24h"))).toEqual(never);
});

test("roll-outs need the consumers' role and the mirrored parameters", () => {
  expect(faultsOf({}, { consumers: undefined })).toEqual([
    `${at}: requires consumers, whose StackSet creates the role that refreshes groups; found nothing`,
  ]);
  expect(faultsOf({}, { consumers: { ...consumers, mirror: false } })).toEqual([
    `${at}: requires consumers.mirror: true, because groups read parameters of their own account; found false`,
  ]);
});

test("a container image has no rollout", () => {
  const changes: Partial<ImageInput> = {
    kind: "container",
    parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
    components: ["aws:aws-cli-version-2-linux"],
  };

  expect(faultsOf({}, { images: { base: image({}, changes) } })).toEqual([
    `${at}: Auto Scaling groups launch AMIs, not container images; remove it, or set kind to "ami"`,
  ]);
});

test("settings of roll-outs that no channel has are refused", () => {
  const rollout = { templateVersions: ["400000000001"], instanceRoles: ["web-*"], calendars: ["freeze"] };

  expect(faultsOf({}, { consumers: { ...consumers, rollout }, objectives: { patched90: "24h" } })).toEqual([]);
  expect(faultsOf(undefined, { consumers: { ...consumers, rollout }, objectives: { patched90: "24h" } })).toEqual([
    "consumers.rollout.templateVersions: expected a channel with rollout, found none",
    "consumers.rollout.instanceRoles: expected a channel with rollout, found none",
    "consumers.rollout.calendars: expected a channel with rollout, found none",
    "objectives.patched90: expected a channel with rollout, found none",
  ]);
  const faults = faultsOf({}, { consumers: { ...consumers, rollout: { ...rollout, templateVersions: [] } } });
  expect(faults).toEqual([
    "consumers.rollout.instanceRoles: expected accounts in consumers.rollout.templateVersions, found none",
  ]);
});
