import { defineFactory } from "../../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { patchTuesday } from "../../../core/factory/schedule-schema.ts";

type Image = FactoryInput["images"][string];

const common = {
  os: "al2023",
  architecture: "x86_64",
  tests: ["images/components/smoke.yaml"],
  gate: { cve: { critical: 0, high: 0, count: "fixable" } },
} satisfies Partial<Image>;

/** A child of a child of a base: the first follows its parent's promotions, the second is built on request. */
export default defineFactory({
  name: "family",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  organization: { id: "o-familytree1", managementAccountId: "222200000000", rootId: "r-tree" },
  consumers: { verify: ["333300000001", "333300000002"], mirror: true },
  notify: { slack: { channel: "#images" } },
  images: {
    leaf: {
      ...common,
      parent: { image: "branch", channel: "stable" },
      components: ["images/components/nodejs.yaml", "images/components/update-al2023.yaml"],
      triggers: { packages: { severity: "important" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-tree-leaves01"] } }],
    },
    branch: {
      ...common,
      parent: { image: "root", channel: "stable" },
      components: ["images/components/web-server.yaml"],
      triggers: { parent: true },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-tree-branches"] }, soak: "12h" },
        { name: "stable", share: { organizationalUnits: ["ou-tree-branches", "ou-tree-leaves01"] } },
      ],
    },
    root: {
      ...common,
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      components: ["images/components/update-al2023.yaml"],
      triggers: { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" }), base: true },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-tree-branches"] }, soak: "12h" },
        { name: "stable", share: { organization: true } },
      ],
    },
  },
});
