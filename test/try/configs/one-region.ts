import { defineFactory } from "../../../core/factory/define-factory.ts";

/** One image on Graviton, in one region, with the long forms of components. */
export default defineFactory({
  name: "solo",
  buildRegion: "eu-central-1",
  regions: ["eu-central-1"],
  organization: { id: "o-soloexample", managementAccountId: "222200001111", rootId: "r-solo" },
  consumers: { verify: ["333300001111"] },
  notify: { slack: { channel: "C0123456789" } },
  images: {
    base: {
      os: "al2023",
      architecture: "arm64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
      components: [
        { document: "images/components/update-al2023.yaml" },
        { aws: "stig-build-linux", parameters: { Level: "Low" } },
      ],
      tests: [{ arn: "arn:aws:imagebuilder:eu-central-1:aws:component/simple-boot-test-linux/x.x.x" }],
      triggers: { packages: { severity: "critical" }, base: true },
      gate: { cve: { critical: 0, count: "all" } },
      channels: [{ name: "live", share: { organizationalUnits: ["ou-solo-everyone1"] } }],
    },
  },
});
