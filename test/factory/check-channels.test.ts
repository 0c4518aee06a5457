import { expect, test } from "vitest";
import { imageOf } from "../world/factory-of.ts";
import { faultsOf } from "./faults.ts";

const good = { keep: 3, deprecateAfter: "60d", disableAfter: "120d", retireAfter: "180d" };
const approval = { approvers: ["ada"], required: 1, timeout: "3d" };
const asking = { notify: { slack: { channel: "#images" } }, people: { ada: { slack: "U012AB3CD" } } };
const retained = [
  { name: "candidate", share: { organization: true }, soak: "2d" },
  { name: "stable", share: { organization: true }, approval },
];

test("a retention that keeps what channels need is in order", () => {
  expect(faultsOf(asking, { channels: retained, retention: good })).toEqual([]);
});

test("an urgent soak is no longer than the usual one, and what is urgent is watched", () => {
  const channels = [
    { ...retained[0], soak: { usual: "2h", urgent: "1d" } },
    { name: "stable", share: { organization: true } },
  ];

  expect(faultsOf({}, { channels, urgent: { epss: 0.5 } })).toEqual([
    "images.base.urgent: requires triggers.packages, whose advisories it rates, or triggers.parent; found neither",
    'images.base.channels[0].soak.urgent: expected at most usual, "2h", found "1d"',
  ]);
  expect(faultsOf({}, { urgent: {} })).toEqual([
    "images.base.urgent: expected at least one of severity, exploited, epss, found {}",
  ]);
  expect(faultsOf({}, { channels: [{ ...retained[0], soak: { usual: "2h" } }] })).toEqual([
    'images.base.channels[0].soak: expected a duration such as "24h", or { usual: "24h", urgent: "2h" }, found {"usual":"2h"}',
  ]);
});

test.each(
  Object.entries<[object, string]>({
    "keeps nothing": [{ keep: 0 }, `keep: expected at least 1, found 0`],
    "keeps too few to go back": [
      { keep: 2 },
      `keep: expected at least 3, a build for each channel ("candidate", "stable") and one to roll back to, found 2`,
    ],
    "deprecates what soaks or waits for people": [
      { deprecateAfter: "5d" },
      `deprecateAfter: expected more than "5d", the channels' soaks and approval timeouts together, found "5d"`,
    ],
    "disables before it deprecates": [
      { disableAfter: "60d" },
      `disableAfter: expected more than deprecateAfter, "60d", found "60d"`,
    ],
    "deregisters before it disables": [
      { retireAfter: "36h" },
      `retireAfter: expected more than disableAfter, "120d", found "36h"`,
    ],
    "has no age": [
      { retireAfter: undefined },
      `retireAfter: expected a duration such as "30m", "24h" or "3d", found nothing`,
    ],
    "says an age in words": [
      { disableAfter: "4 months" },
      `disableAfter: expected a duration such as "30m", "24h" or "3d", found "4 months"`,
    ],
    "names what there is not": [{ after: "1d" }, `after: unknown key; remove it`],
  }),
)("a retention that %s is refused with what would be valid", (_name, [changes, fault]) => {
  expect(faultsOf(asking, { channels: retained, retention: { ...good, ...changes } })).toEqual([
    `images.base.retention.${fault}`,
  ]);
});

const channel = { name: "stable", share: { organization: true } };
const regions = ["eu-west-1", "us-east-1", "ap-southeast-2"];

test("an image's regions are some of the factory's, with the build region, and a channel's some of its image's", () => {
  const channels = [{ ...channel, regions: ["us-east-1"], quorum: 1 }];

  expect(faultsOf({ regions }, { regions: ["eu-west-1", "us-east-1"], channels })).toEqual([]);
});

test.each([
  [{ regions: ["us-east-1"] }, 'images.base.regions: must contain the build region "eu-west-1", found ["us-east-1"]'],
  [
    { regions: ["eu-west-1", "eu-north-1"] },
    'images.base.regions: expected regions of ["eu-west-1","us-east-1","ap-southeast-2"], found "eu-north-1"',
  ],
  [
    { regions: ["eu-west-1", "eu-west-1"] },
    'images.base.regions: expected each region once, found ["eu-west-1","eu-west-1"]',
  ],
  [
    { regions: ["eu-west-1"], channels: [{ ...channel, regions: ["us-east-1"] }] },
    'images.base.channels[0].regions: expected regions of ["eu-west-1"], found "us-east-1"',
  ],
  [
    { channels: [{ ...channel, regions: ["us-east-1", "eu-west-1"], quorum: 3 }] },
    "images.base.channels[0].quorum: expected at most 2, the number of its regions, found 3",
  ],
])("invalid regions are refused: %j", (image, fault) => {
  expect(faultsOf({ regions }, image)).toEqual([fault]);
});

test("a parent's channel must be published where its children are built", () => {
  const base = imageOf({ channels: [{ ...channel, regions: ["us-east-1"] }] } as never);
  const web = imageOf({ parent: { image: "base", channel: "stable" } });

  expect(faultsOf({ regions, images: { base, web } })).toEqual([
    'images.web.parent: expected a channel that is published in the build region, found "base/stable"',
  ]);
});

/** Changes of an image whose second channel has these exports. */
const exporting = (exports: object, changes: object = {}) => ({
  channels: [
    { name: "candidate", share: { organization: true } },
    { name: "stable", share: { organization: true }, exports },
  ],
  ...changes,
});

const atExports = "images.base.channels[1].exports";

test("EC2's export formats are accepted for disks of up to 1 TiB", () => {
  expect(faultsOf({}, exporting({ formats: ["vmdk", "vhd", "raw"] }, { volumeGiB: 1024 }))).toEqual([]);
});

test.each([
  [{ formats: ["ova"] }, `${atExports}.formats[0]: expected one of "vmdk", "vhd", "raw", found "ova"`],
  [{ formats: [] }, `${atExports}.formats: expected at least 1 item, found []`],
  [{ formats: ["raw", "raw"] }, `${atExports}.formats[1]: expected each format once, found "raw" again`],
  [{ formats: ["raw"], bucket: "ours" }, `${atExports}.bucket: unknown key; remove it`],
  [{}, `${atExports}.formats: expected a list of "vmdk" | "vhd" | "raw", at least 1 item, found nothing`],
])("%o is refused", (exports, fault) => {
  expect(faultsOf({}, exporting(exports))).toEqual([fault]);
});

test("disks that EC2 does not export, and Marketplace products, are refused with their path", () => {
  const ssm = "/aws/service/marketplace/prod-1234567890abc/latest";
  const image = (parent: object) => imageOf(exporting({ formats: ["vmdk"] }, { parent }) as object);
  const images = { base: image({ ssm }), child: image({ image: "base", channel: "stable" }) };

  expect(faultsOf({}, exporting({ formats: ["vmdk"] }, { volumeGiB: 1025 }))).toEqual([
    `${atExports}: EC2 exports no volume above 1024 GiB; expected images.base.volumeGiB of at most 1024, or no exports, found 1025`,
  ]);
  expect(faultsOf({ images })).toEqual(
    ["base", "child"].map(
      (name) =>
        `images.${name}.channels[1].exports: EC2 does not export AWS Marketplace AMIs; expected another parent, or no exports, found "${ssm}"`,
    ),
  );
});

test("a container image has no exports", () => {
  const parent = { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" };
  const changes = { kind: "container", parent, components: ["amint:update-al2023-container"], tests: ["smoke.yaml"] };

  expect(faultsOf({}, exporting({ formats: ["vmdk"] }, changes))).toEqual([
    `${atExports}: EC2 exports AMIs, not container images; remove it, or set kind to "ami"`,
  ]);
});
