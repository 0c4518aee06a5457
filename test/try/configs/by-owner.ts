import { defineFactory } from "../../../core/factory/define-factory.ts";

/** Parents by owner and name, one of them with a child. */
export default defineFactory({
  name: "owners",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-ownersexample", managementAccountId: "222200003333", rootId: "r-owne" },
  consumers: { verify: ["333300003333"] },
  images: {
    base: {
      os: "debian-12",
      architecture: "x86_64",
      parent: { ami: { owner: "136693071363", name: "debian-12-amd64-*" } },
      components: ["amint:update-debian"],
      triggers: { base: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-owne-everyone1"] } }],
    },
    web: {
      os: "debian-12",
      architecture: "x86_64",
      parent: { image: "base", channel: "stable" },
      components: ["amint:update-debian"],
      triggers: { parent: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-owne-everyone1"] } }],
    },
    redhat: {
      os: "rhel-9",
      architecture: "arm64",
      parent: { ami: { owner: "309956199498", name: "RHEL-9*_HVM-*-arm64-*-Hourly2-GP3" } },
      components: ["amint:update-enterprise-linux"],
      triggers: { base: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-owne-everyone1"] } }],
    },
  },
});
