import { defineFactory } from "../../../core/factory/define-factory.ts";
import { documents, imageOf, ubuntu } from "../image-of.ts";

/** Shares by account ids only: no config names an OU. */
export default defineFactory({
  name: "accounts",
  buildRegion: "ca-central-1",
  regions: ["ca-central-1", "us-east-2"],
  organization: { id: "o-accountsonly", managementAccountId: "222200004444", rootId: "r-acct" },
  consumers: { verify: ["333300004441", "333300004442"], subnets: { "*": { tag: { purpose: "image-trials" } } } },
  cloudTrail: "own",
  notify: { slack: { channel: "#images", routes: [{ tones: ["bad"], channel: "#alerts" }] } },
  images: {
    small: imageOf({
      os: "ubuntu-2404",
      architecture: "arm64",
      parent: ubuntu("24.04", "arm64", "gp3"),
      components: documents("update-ubuntu"),
      triggers: { packages: { severity: "medium" }, minimumInterval: "2h" },
      gate: { cve: { count: "fixable", score: 7.5 } },
      channels: [
        { name: "first", share: { accounts: ["333300004441"] }, soak: "12h" },
        { name: "all", share: { accounts: ["333300004441", "333300004442", "333300004443"] } },
      ],
    }),
  },
});
