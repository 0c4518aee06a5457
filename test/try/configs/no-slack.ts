import { defineFactory } from "../../../core/factory/define-factory.ts";
import { documents, imageOf } from "../image-of.ts";

/** E-mail only; those who approve do so by the CLI, by roles whose sessions are called anything. */
export default defineFactory({
  name: "mail",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "eu-west-3"],
  organization: { id: "o-mailexample", managementAccountId: "222200003333", rootId: "r-mail" },
  consumers: { verify: ["333300003333"], mirror: true },
  notify: { email: ["images@example.com"] },
  people: {
    barbara: { principals: ["arn:aws:sts::111122223333:assumed-role/Images/barbara@example.com"] },
    edsger: { principals: ["arn:aws:sts::111122223333:assumed-role/Review-*/edsger*"] },
    niklaus: { slack: "U0NIKLAUS1", principals: ["arn:aws:sts::111122223333:assumed-role/Platform/niklaus"] },
  },
  images: {
    plain: imageOf({
      components: documents("update-al2023", "harden-ssh"),
      triggers: { packages: { severity: "low" } },
      gate: { cve: { critical: 0, high: 0, medium: 10, count: "fixable" } },
      channels: [
        { name: "early", share: { accounts: ["333300003333"] }, soak: "6h" },
        {
          name: "late",
          share: { organization: true },
          approval: { approvers: ["barbara", "edsger", "niklaus"], remindAfter: "12h" },
        },
      ],
    }),
  },
});
