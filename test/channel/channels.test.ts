import { expect, test } from "vitest";
import { findParentChannel, parentChannels } from "../../core/channel/parents.ts";
import { entities, missingFrom, toLaunchPermission, union } from "../../core/share/launch-permission.ts";
import example from "../../factory.config.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";

const organization = { organization: { id: "o-exampleorgid", managementAccountId: "999988887777" } };

test("a share becomes full ARNs, owned by the management account, in the deployment's partition", () => {
  const share = { organization: true as const, organizationalUnits: ["ou-exam-workload"], accounts: ["444455556666"] };
  expect(toLaunchPermission(organization, share, "aws-cn")).toEqual({
    organizationArns: ["arn:aws-cn:organizations::999988887777:organization/o-exampleorgid"],
    organizationalUnitArns: ["arn:aws-cn:organizations::999988887777:ou/o-exampleorgid/ou-exam-workload"],
    accountIds: ["444455556666"],
  });
});

test("only missing permissions are added, and only those are removed again", () => {
  const present = { organizationArns: [], organizationalUnitArns: ["ou-a"], accountIds: ["1"] };
  const wanted = { organizationArns: ["o"], organizationalUnitArns: ["ou-a", "ou-b"], accountIds: [] };
  expect(entities(missingFrom(present, wanted))).toEqual(["o", "ou-b"]);
  expect(entities(union(present, wanted))).toEqual(["o", "ou-a", "ou-b", "1"]);
});

const root = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
const below = (image: string) => imageOf({ os: "ubuntu-2404", parent: { image, channel: "stable" } });
const factory = factoryOf({
  name: "tree",
  images: {
    base: imageOf({ os: "ubuntu-2404", parent: { ssm: root } }),
    left: below("base"),
    right: below("base"),
    bottom: below("left"),
  },
});

test("a channel that AMIs are made from is one parent, whose root is the first ancestor's public AMI", () => {
  expect(parentChannels(factory)).toEqual([
    { image: "base", channel: "stable", root },
    { image: "left", channel: "stable", root },
  ]);
});

test("a channel without child images is not a parent", () => {
  expect(findParentChannel(factory, { image: "bottom", channel: "stable" })).toBeUndefined();
  expect(findParentChannel(example, { image: "al2023-base", channel: "candidate" })).toBeUndefined();
});

test("a container image's child starts from its channel's tag", () => {
  const node = example.images["al2023-node"]!;
  const images = { node, child: { ...node, parent: { image: "node", channel: "stable" } } };

  expect(parentChannels({ images })).toEqual([]);
});
