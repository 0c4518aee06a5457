import { defineFactory } from "../../../core/factory/define-factory.ts";
import { every } from "../../../core/factory/schedule-schema.ts";

const update = "images/components/update-al2023-container.yaml";
const common = {
  kind: "container" as const,
  os: "al2023" as const,
  architecture: "arm64" as const,
  tests: ["images/components/container-smoke.yaml"],
  gate: { cve: { critical: 0, high: 0, count: "fixable" as const }, sbom: "required" as const },
};

/** Container images, one of them on the other. */
export default defineFactory({
  name: "boxes",
  buildRegion: "eu-north-1",
  regions: ["eu-north-1", "eu-west-2"],
  organization: { id: "o-boxesexample", managementAccountId: "222200005555", rootId: "r-boxs" },
  consumers: { verify: ["333300005555"] },
  notify: { slack: { channel: "#containers" } },
  images: {
    runtime: {
      ...common,
      parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
      components: [update, "images/components/nodejs.yaml"],
      triggers: {
        schedule: every("cron(0 4 ? * WED *)", { timezone: "Europe/Stockholm" }),
        packages: { severity: "important" },
      },
      channels: [{ name: "stable", share: { organization: true } }],
    },
    service: {
      ...common,
      parent: { image: "runtime", channel: "stable" },
      components: [update],
      triggers: { parent: true },
      channels: [
        { name: "preview", share: { organizationalUnits: ["ou-boxs-developer"] }, soak: "3h" },
        { name: "stable", share: { organizationalUnits: ["ou-boxs-developer", "ou-boxs-services1"] } },
      ],
    },
  },
});
