import { defineFactory } from "../../../core/factory/define-factory.ts";
import { imageOf } from "../image-of.ts";

/** No account verifies shares; shares use account tags and exceptions. */
export default defineFactory({
  name: "trusting",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "eu-west-2"],
  organization: { id: "o-trustingorg", managementAccountId: "222200008888" },
  notify: { slack: { channel: "#images" } },
  fleet: { monthlyNotice: false },
  images: {
    base: imageOf({
      triggers: { packages: { severity: "medium" } },
      gate: { cve: { critical: 0, high: 0, count: "fixable" }, sbom: "required", drift: { added: 0, removed: 0 } },
      channels: [
        { name: "tagged", share: { accountTags: { images: "golden" } }, soak: "4h" },
        {
          name: "units",
          share: {
            organizationalUnits: ["ou-trst-workload"],
            except: { organizationalUnits: ["ou-trst-frozen01"], accounts: ["333300008888"] },
          },
        },
      ],
    }),
  },
});
