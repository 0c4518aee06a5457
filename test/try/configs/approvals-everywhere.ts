import { defineFactory } from "../../../core/factory/define-factory.ts";
import { patchTuesday } from "../../../core/factory/schedule-schema.ts";

const approval = { approvers: ["alan", "kurt", "emmy"] };
const both = { approvers: ["kurt", "emmy"], required: 2, timeout: "5d" };

/** Each channel of each image requires an approval, in Slack or by the CLI. */
export default defineFactory({
  name: "careful",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "eu-south-1"],
  organization: { id: "o-carefulones", managementAccountId: "222200006666", rootId: "r-care" },
  consumers: { verify: ["333300006666"], organizationalUnits: ["ou-care-everything"] },
  notify: { slack: { channel: "#approvals" } },
  people: {
    alan: { slack: "U0ALAN0001" },
    kurt: { slack: "U0KURT0001", principals: ["arn:aws:sts::111122223333:assumed-role/Logic/kurt@example.com"] },
    emmy: { principals: ["arn:aws:sts::111122223333:assumed-role/Algebra/emmy@example.com"] },
  },
  images: {
    base: {
      os: "al2023",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      components: ["images/components/update-al2023.yaml"],
      tests: ["images/components/smoke.yaml"],
      triggers: { schedule: patchTuesday({ plusDays: 0, at: "22:00" }), packages: { severity: "important" } },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [
        { name: "one", share: { organizationalUnits: ["ou-care-everything"] }, approval },
        {
          name: "two",
          share: { organizationalUnits: ["ou-care-everything"], accounts: ["333300006667"] },
          approval: both,
        },
      ],
    },
    app: {
      os: "al2023",
      architecture: "x86_64",
      parent: { image: "base", channel: "one" },
      components: ["images/components/web-server.yaml"],
      tests: ["images/components/smoke.yaml"],
      triggers: { parent: true },
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "live", share: { organization: true }, approval: both }],
    },
  },
});
