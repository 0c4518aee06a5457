import { defineFactory } from "../../../core/factory/define-factory.ts";

const channels = [{ name: "stable", share: { organizationalUnits: ["ou-owne-everyone1"] } }];
const gate = { cve: { critical: 0, count: "fixable" as const } };

/** Parents by owner and name, one of them with a child; by parameters of the account and of another one; and AWS's own. */
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
      gate,
      channels,
    },
    web: {
      os: "debian-12",
      architecture: "x86_64",
      parent: { image: "base", channel: "stable" },
      components: ["amint:update-debian"],
      triggers: { parent: true },
      gate,
      channels,
    },
    redhat: {
      os: "rhel-9",
      architecture: "arm64",
      parent: { ami: { owner: "309956199498", name: "RHEL-9*_HVM-*-arm64-*-Hourly2-GP3" } },
      components: ["amint:update-enterprise-linux"],
      triggers: { base: true },
      gate,
      channels,
    },
    golden: {
      os: "alma-9",
      architecture: "x86_64",
      parent: { ssm: "/imagebuilder/golden/alma-9" },
      components: ["amint:update-enterprise-linux"],
      gate,
      channels,
    },
    shared: {
      os: "debian-13",
      architecture: "x86_64",
      parent: { ssm: "arn:aws:ssm:eu-west-1:444400003333:parameter/imagebuilder/golden/debian-13" },
      components: ["amint:update-debian"],
      gate,
      channels,
    },
    windows: {
      os: "windows-2022",
      architecture: "x86_64",
      parent: {
        imageBuilder: "arn:aws:imagebuilder:eu-west-1:aws:image/windows-server-2022-english-core-base-x86/x.x.x",
      },
      components: ["aws:update-windows"],
      gate,
      channels,
    },
  },
});
