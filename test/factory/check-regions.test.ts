import { expect, test } from "vitest";
import { checkRegions } from "../../core/factory/check-regions.ts";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith } from "./faults.ts";

const channel = { name: "stable", share: { organization: true } };
const image = imageOf();

const faults = (base: object, others: object = {}) =>
  checkRegions(
    factorySchema.parse(
      configWith({
        regions: ["eu-west-1", "us-east-1", "ap-southeast-2"],
        images: { base: { ...image, ...base }, ...others },
      }),
    ),
  );

test("an image's regions are some of the factory's, with the build region, and a channel's some of its image's", () => {
  const channels = [{ ...channel, regions: ["us-east-1"], quorum: 1 }];

  expect(faults({ regions: ["eu-west-1", "us-east-1"], channels })).toEqual([]);
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
])("invalid regions are refused: %j", (base, fault) => {
  expect(faults(base)).toEqual([fault]);
});

test("a parent's channel must be published where its children are built", () => {
  const channels = [{ ...channel, regions: ["us-east-1"] }];

  expect(faults({ channels }, { web: { ...image, parent: { image: "base", channel: "stable" } } })).toEqual([
    'images.web.parent: expected a channel that is published in the build region, found "base/stable"',
  ]);
});
