import { defineFactory } from "../../../core/factory/define-factory.ts";
import { patchTuesday } from "../../../core/factory/schedule-schema.ts";
import { documents, imageOf } from "../image-of.ts";

const gate = { cve: { critical: 0, high: 0, count: "fixable" } } as const;

/** A child of a child of a base: the first follows its parent's promotions, the second is built on request. */
export default defineFactory({
  name: "family",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  organization: { id: "o-familytree1", managementAccountId: "222200000000", rootId: "r-tree" },
  consumers: { verify: ["333300000001", "333300000002"], mirror: true },
  notify: { slack: { channel: "#images" } },
  images: {
    leaf: imageOf({
      gate,
      parent: { image: "branch", channel: "stable" },
      components: documents("nodejs", "update-al2023"),
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-tree-leaves01"] } }],
    }),
    branch: imageOf({
      gate,
      parent: { image: "root", channel: "stable" },
      components: documents("web-server"),
      triggers: { parent: true },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-tree-branches"] }, soak: "12h" },
        { name: "stable", share: { organizationalUnits: ["ou-tree-branches", "ou-tree-leaves01"] } },
      ],
    }),
    root: imageOf({
      gate,
      triggers: { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" }), base: true },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-tree-branches"] }, soak: "12h" },
        { name: "stable", share: { organization: true } },
      ],
    }),
  },
});
