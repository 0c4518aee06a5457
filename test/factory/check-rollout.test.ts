import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn, faultsOf } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];
type RolloutInput = NonNullable<NonNullable<ImageInput["channels"]>[number]["rollout"]>;

const MANAGEMENT = "999988887777";
const consumers = { verify: ["400000000001"], organizationalUnits: ["ou-exam-workload"], mirror: true };

const image = (rollout: RolloutInput | undefined, changes: Partial<ImageInput> = {}): ImageInput =>
  imageOf({ channels: [{ name: "stable", share: { organization: true }, ...(rollout && { rollout }) }], ...changes });

const rolloutFaults = (rollout: RolloutInput | undefined, changes: Partial<FactoryInput> = {}) =>
  faultsIn(() => defineFactory(configWith({ consumers, images: { base: image(rollout) }, ...changes })));

const at = "images.base.channels[0].rollout";

test("a rollout with defaults, and one with explicit waves, windows and health, is accepted", () => {
  const waves: RolloutInput["waves"] = [
    { name: "canary", accounts: ["400000000001"], bake: "2h" },
    { name: "test", organizationalUnits: ["ou-exam-workload"] },
    { name: "late", tag: { tier: "critical" } },
    { name: "rest" },
  ];

  expect(rolloutFaults({})).toEqual([]);
  expect(rolloutFaults({ waves, minHealthy: 0, maxHealthy: 100 })).toEqual([]);
  expect(rolloutFaults({ windows: [{ cron: "0 3 ? * MON-FRI *", duration: "2h" }] })).toEqual([]);
});

test("an urgent build's steps have each wave once", () => {
  const waves: RolloutInput["waves"] = [{ name: "early", accounts: ["400000000001"] }, { name: "rest" }];
  const faults = (...urgent: string[][]) => rolloutFaults({ waves, urgent: { waves: urgent } });

  expect(faults(["early", "rest"])).toEqual([]);
  expect(faults(["early"], ["early", "late"])).toEqual([
    `${at}.urgent.waves: expected each of early, rest once, found "early" again`,
    `${at}.urgent.waves: expected each of early, rest once, found "late"`,
    `${at}.urgent.waves: expected each of early, rest once, found no "rest"`,
  ]);
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
  expect(rolloutFaults({ waves })).toEqual(faults);
});

test.each([
  [{ minHealthy: 90, maxHealthy: 191 }, `${at}.maxHealthy: expected at most 190, 100 above minHealthy 90, found 191`],
  [{ minHealthy: 0 }, `${at}.maxHealthy: expected at most 100, 100 above minHealthy 0, found 110`],
  [
    { minHealthy: 100, maxHealthy: 100 },
    `${at}.maxHealthy: expected above 100 with minHealthy 100, found 100: a group could neither launch an instance first nor terminate one`,
  ],
])("%j, which AWS would refuse or could not keep, is refused", (rollout, fault) => {
  expect(rolloutFaults(rollout)).toEqual([fault]);
});

test("windows that blackouts always cover are refused; a part of one that is left is enough", () => {
  const never = [
    `${at}.windows: expected a window outside the blackouts within a year, found none: no instance would ever be replaced`,
  ];
  const windows = [{ cron: "0 3 ? * SAT *", duration: "2h" }];
  const weekend = (duration: string) => ({ blackouts: [{ cron: "0 0 ? * SAT *", duration, reason: "weekend" }] });

  expect(rolloutFaults({ windows }, weekend("5h"))).toEqual(never);
  expect(rolloutFaults({ windows }, weekend("4h"))).toEqual([]);
  expect(rolloutFaults({ windows: [...windows, { cron: "0 3 ? * TUE *", duration: "1h" }] }, weekend("5h"))).toEqual(
    [],
  );
  expect(rolloutFaults({ windows: [{ cron: "0 3 1 1 ? 2020", duration: "1h" }] })).toEqual(never);
  expect(rolloutFaults({ windows: [{ cron: "* * ? * SAT *", duration: "1m" }] }, weekend("24h"))).toEqual(never);
});

test("roll-outs need the consumers' role and the mirrored parameters", () => {
  expect(rolloutFaults({}, { consumers: undefined })).toEqual([
    `${at}: requires consumers, whose StackSet creates the role that refreshes groups; found nothing`,
  ]);
  expect(rolloutFaults({}, { consumers: { ...consumers, mirror: false } })).toEqual([
    `${at}: requires consumers.mirror: true, because groups read parameters of their own account; found false`,
  ]);
});

test("a container image has no rollout", () => {
  const changes: Partial<ImageInput> = {
    kind: "container",
    parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
    components: ["aws:aws-cli-version-2-linux"],
  };

  expect(rolloutFaults({}, { images: { base: image({}, changes) } })).toEqual([
    `${at}: Auto Scaling groups launch AMIs, not container images; remove it, or set kind to "ami"`,
  ]);
});

test("settings of roll-outs that no channel has are refused", () => {
  const rollout = { templateVersions: ["400000000001"], instanceRoles: ["web-*"], calendars: ["freeze"] };

  expect(rolloutFaults({}, { consumers: { ...consumers, rollout }, objectives: { patched90: "24h" } })).toEqual([]);
  expect(rolloutFaults(undefined, { consumers: { ...consumers, rollout }, objectives: { patched90: "24h" } })).toEqual([
    "consumers.rollout.templateVersions: expected a channel with rollout, found none",
    "consumers.rollout.instanceRoles: expected a channel with rollout, found none",
    "consumers.rollout.calendars: expected a channel with rollout, found none",
    "objectives.patched90: expected a channel with rollout, found none",
  ]);
  const faults = rolloutFaults({}, { consumers: { ...consumers, rollout: { ...rollout, templateVersions: [] } } });
  expect(faults).toEqual([
    "consumers.rollout.instanceRoles: expected accounts in consumers.rollout.templateVersions, found none",
  ]);
});

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const organization = { id: "o-exampleorgid", managementAccountId: MANAGEMENT, rootId: "r-exam" };

test("consumers get their role by units, or by the organization's root, and one of them must be known", () => {
  const verify = ["400000000001"];

  const byUnits = faultsOf({ consumers: { verify, organizationalUnits: ["ou-exam-workload"] } });
  const byRoot = faultsOf({ consumers: { verify }, organization });
  const byNothing = faultsOf({ consumers: { verify } });

  expect([byUnits, byRoot]).toEqual([[], []]);
  expect(byNothing).toEqual([
    "consumers.organizationalUnits: expected OUs, or organization.rootId for the whole organization, found neither",
  ]);
});

test("the management account, which StackSets gives no role, and an account twice are refused", () => {
  const consumers = { verify: ["400000000001", "400000000001", MANAGEMENT], canary: { account: MANAGEMENT } };

  const faults = faultsOf({ consumers, organization });

  expect(faults).toEqual([
    'consumers.verify[1]: expected each account once, found "400000000001" again',
    `consumers.verify[2]: expected a member account, found the management account "${MANAGEMENT}", in which StackSets creates no role`,
    `consumers.canary.account: expected a member account, found the management account "${MANAGEMENT}", in which StackSets creates no role`,
  ]);
});

test.each([
  ["a bare id", "1234abcd-12ab-34cd-56ef-1234567890ab"],
  ["aws/ebs", "alias/aws/ebs"],
  ["an alias", "arn:aws:kms:eu-west-1:111122223333:alias/images"],
  ["a multi-Region key", "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"],
])("%s as a given key is refused, saying what would be valid", (_, key) => {
  const faults = faultsOf({ keys: { "eu-west-1": key } });

  expect(faults).toEqual([
    expect.stringMatching(/^keys\.eu-west-1: .*the ARN of a customer managed single-Region key/),
  ]);
  expect(faults[0]).toContain(`"${key}"`);
});

test("a given key is of its region, which is one of the factory's", () => {
  const right = faultsOf({ keys: { "eu-west-1": KEY } });
  const wrong = faultsOf({ keys: { "us-east-1": KEY }, regions: ["eu-west-1", "us-east-1"] });
  const nowhere = faultsOf({ keys: { "eu-west-2": KEY } });

  expect(right).toEqual([]);
  expect(wrong).toEqual([`keys.us-east-1: expected a key in us-east-1, found one in eu-west-1: "${KEY}"`]);
  expect(nowhere).toEqual(['keys.eu-west-2: expected one of the factory\'s regions "eu-west-1", found "eu-west-2"']);
});
