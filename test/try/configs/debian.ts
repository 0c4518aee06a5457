import { defineFactory } from "../../../core/factory/define-factory.ts";

/** An image on Debian 12 and one that is made from it: systems whose AMIs have no agent of Systems Manager. */
export default defineFactory({
  name: "deb",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-debexample1", managementAccountId: "222200001111", rootId: "r-debs" },
  consumers: { verify: ["333300001111"] },
  images: {
    base: {
      os: "debian-12",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/debian/release/12/latest/amd64" },
      components: ["amint:update-debian"],
      tests: ["aws:simple-boot-test-linux"],
      triggers: { packages: { severity: "unknown" }, base: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-debs-everyone1"] } }],
    },
    web: {
      os: "debian-12",
      architecture: "x86_64",
      parent: { image: "base", channel: "stable" },
      components: ["amint:update-debian"],
      tests: ["aws:simple-boot-test-linux"],
      triggers: { parent: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organizationalUnits: ["ou-debs-everyone1"] } }],
    },
  },
});
