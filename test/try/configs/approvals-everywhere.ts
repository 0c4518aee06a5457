import { defineFactory } from "../../../core/factory/define-factory.ts";
import { patchTuesday } from "../../../core/factory/schedule-schema.ts";
import { documents, imageOf } from "../image-of.ts";

const everyone = { organizationalUnits: ["ou-care-everything"] };
const approval = { approvers: ["alan", "kurt", "emmy"] };
const both = { approvers: ["kurt", "emmy"], required: 2, timeout: "5d" };

/** Each channel of each image requires an approval, in Slack or by the CLI. */
export default defineFactory({
  name: "careful",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "eu-south-1"],
  organization: { id: "o-carefulones", managementAccountId: "222200006666", rootId: "r-care" },
  consumers: { verify: ["333300006666"], ...everyone },
  notify: { slack: { channel: "#approvals" } },
  people: {
    alan: { slack: "U0ALAN0001" },
    kurt: { slack: "U0KURT0001", principals: ["arn:aws:sts::111122223333:assumed-role/Logic/kurt@example.com"] },
    emmy: { principals: ["arn:aws:sts::111122223333:assumed-role/Algebra/emmy@example.com"] },
  },
  images: {
    base: imageOf({
      triggers: { schedule: patchTuesday({ plusDays: 0, at: "22:00" }), packages: { severity: "important" } },
      channels: [
        { name: "one", share: everyone, approval },
        { name: "two", share: { ...everyone, accounts: ["333300006667"] }, approval: both },
      ],
    }),
    app: imageOf({
      parent: { image: "base", channel: "one" },
      components: documents("web-server"),
      triggers: { parent: true },
      channels: [{ name: "live", share: { organization: true }, approval: both }],
    }),
  },
});
