import { defineFactory } from "../../../core/factory/define-factory.ts";
import { documents, imageOf, ubuntu } from "../image-of.ts";

/** Its last channel's builds become files of virtual machines. */
export default defineFactory({
  name: "files",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  organization: { id: "o-filesorg0001", managementAccountId: "222200009999", rootId: "r-file" },
  consumers: { verify: ["333300009999"] },
  notify: { slack: { channel: "#images" } },
  images: {
    machine: imageOf({
      os: "ubuntu-2404",
      parent: ubuntu("24.04", "amd64", "gp3"),
      components: documents("update-ubuntu"),
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-file-testing1"] }, soak: "8h" },
        { name: "stable", share: { organization: true }, exports: { formats: ["vmdk", "raw"] } },
      ],
    }),
  },
});
