import { defineFactory } from "../../../core/factory/define-factory.ts";
import { imageOf } from "../image-of.ts";

const common = {
  os: "debian-12" as const,
  components: ["amint:update-debian"],
  tests: ["aws:simple-boot-test-linux"],
  channels: [{ name: "stable", share: { organizationalUnits: ["ou-debs-everyone1"] } }],
};

/** An image on Debian 12 and one that is made from it: systems whose AMIs have no agent of Systems Manager. */
export default defineFactory({
  name: "deb",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-debexample1", managementAccountId: "222200001111", rootId: "r-debs" },
  consumers: { verify: ["333300001111"] },
  images: {
    base: imageOf({
      ...common,
      parent: { ssm: "/aws/service/debian/release/12/latest/amd64" },
      triggers: { packages: { severity: "unknown" }, base: true },
    }),
    web: imageOf({ ...common, parent: { image: "base", channel: "stable" }, triggers: { parent: true } }),
  },
});
