import { defineFactory } from "../../../core/factory/define-factory.ts";
import { every } from "../../../core/factory/schedule-schema.ts";
import { documents, imageOf, ubuntu } from "../image-of.ts";

/** Seven regions, of which a channel needs five. */
export default defineFactory({
  name: "worldwide",
  buildRegion: "us-west-2",
  regions: ["us-west-2", "us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"],
  organization: { id: "o-worldwide01", managementAccountId: "222200002222", rootId: "r-wide" },
  consumers: { verify: ["333300002222"], canary: { account: "333300002222" } },
  notify: { slack: { channel: "#images" } },
  images: {
    ubuntu: imageOf({
      os: "ubuntu-2204",
      parent: ubuntu("22.04", "amd64", "gp2"),
      components: documents("update-ubuntu"),
      triggers: { schedule: every("rate(7 days)"), base: true },
      gate: { cve: { high: 3, count: "fixable" } },
      channels: [
        { name: "near", share: { accounts: ["333300002222"] }, regions: ["us-west-2", "us-east-1"] },
        { name: "everywhere", share: { organization: true }, quorum: 5 },
      ],
    }),
  },
});
