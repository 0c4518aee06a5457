import { defineFactory } from "../../../core/factory/define-factory.ts";

const parent = "amazon-linux-for-every-team-of-this-firm" as const;
const child = "web-servers-on-that-image-of-all-teams-x" as const;

const common = {
  os: "al2023" as const,
  architecture: "x86_64" as const,
  components: ["amint:update-al2023"],
  gate: { cve: { critical: 0, count: "fixable" as const } },
};

/** Names of the greatest length, in three regions, with a child and two channels. */
export default defineFactory({
  name: "golden-images-of-the-platform-team",
  buildRegion: "ap-southeast-1",
  regions: ["ap-southeast-1", "ap-northeast-1", "ap-southeast-2"],
  organization: { id: "o-longexample", managementAccountId: "222200001111", rootId: "r-long" },
  consumers: { verify: ["333300001111"] },
  images: {
    [parent]: {
      ...common,
      triggers: { packages: { severity: "important" }, base: true },
      channels: [
        { name: "candidate-for-those-who-like-new-things", share: { organizationalUnits: ["ou-long-everyone1"] } },
        { name: "stable-for-whatever-else-there-is-around", share: { organizationalUnits: ["ou-long-everyone1"] } },
      ],
    },
    [child]: {
      ...common,
      parent: { image: parent, channel: "stable-for-whatever-else-there-is-around" },
      triggers: { parent: true },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-long-everyone1"] } }],
    },
  },
});
