import { factorySchema } from "../../../core/factory/factory-schema.ts";

export const ACCOUNT = "111122223333";
export const HOME = "eu-west-1";
export const REGIONS = [HOME, "us-east-1"];
/** Those whom the images are shared with. */
export const CONSUMERS = ["444455556666", "777788889999"];
export const CHANNEL = "stable";
/** The second is made from the first. */
export const IMAGES = ["base", "app"] as const;

export const DAY = 86_400_000;
/** What a failure, a revocation or a restoration keeps a build for, in days. */
export const EVIDENCE_DAYS = 2;
export const KEEP = 1;

const image = (parent: object) => ({
  os: "al2023",
  architecture: "x86_64",
  parent,
  components: ["aws:update-linux"],
  tests: ["aws:simple-boot-test-linux"],
  gate: { cve: { critical: 0, high: 0, count: "fixable" } },
  channels: [{ name: CHANNEL, share: { accounts: CONSUMERS } }],
  retention: { keep: KEEP, deprecateAfter: "2d", disableAfter: "4d", retireAfter: "11d" },
});

/** Short ages: a life passes in two weeks. */
export const factory = factorySchema.parse({
  name: "histories",
  buildRegion: HOME,
  regions: REGIONS,
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
  leftovers: { keep: `${EVIDENCE_DAYS}d` },
  images: {
    base: image({ ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }),
    app: image({ image: "base", channel: CHANNEL }),
  },
});
