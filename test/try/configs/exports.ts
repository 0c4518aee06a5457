import { defineFactory } from "../../../core/factory/define-factory.ts";

/** Its last channel's builds become files of virtual machines. */
export default defineFactory({
  name: "files",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  organization: { id: "o-filesorg0001", managementAccountId: "222200009999", rootId: "r-file" },
  consumers: { verify: ["333300009999"] },
  notify: { slack: { channel: "#images" } },
  images: {
    machine: {
      os: "ubuntu-2404",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" },
      components: ["images/components/update-ubuntu.yaml"],
      tests: ["images/components/smoke.yaml"],
      triggers: { packages: { severity: "important" } },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-file-testing1"] }, soak: "8h" },
        { name: "stable", share: { organization: true }, exports: { formats: ["vmdk", "raw"] } },
      ],
    },
  },
});
