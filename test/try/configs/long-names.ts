import { defineFactory } from "../../../core/factory/define-factory.ts";

const parent = "amazon-linux-for-every-team-of-this-firm" as const;
const child = "web-servers-on-that-image-of-all-teams-x" as const;

/** Names of the greatest length, in three regions, with a child and two channels. */
export default defineFactory({
  name: "golden-images-of-the-platform-team",
  buildRegion: "ap-southeast-1",
  regions: ["ap-southeast-1", "ap-northeast-1", "ap-southeast-2"],
  organization: { id: "o-longexample", managementAccountId: "222200001111", rootId: "r-long" },
  consumers: { verify: ["333300001111"] },
  images: {
    [parent]: {
      os: "al2023",
      architecture: "x86_64",
      components: ["amint:update-al2023"],
      triggers: { packages: { severity: "important" }, base: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [
        { name: "candidate-for-those-who-like-new-things", share: { organizationalUnits: ["ou-long-everyone1"] } },
        { name: "stable-for-whatever-else-there-is-around", share: { organizationalUnits: ["ou-long-everyone1"] } },
      ],
    },
    [child]: {
      os: "al2023",
      architecture: "x86_64",
      parent: { image: parent, channel: "stable-for-whatever-else-there-is-around" },
      components: ["amint:update-al2023"],
      triggers: { parent: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-long-everyone1"] } }],
    },
  },
});
