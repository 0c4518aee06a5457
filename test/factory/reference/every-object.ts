import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { every, patchTuesday } from "../../../core/factory/schedule-schema.ts";

const profile = "xccdf_org.ssgproject.content_profile_cis_server_l1";

/** A config that has every object of the schema, and no key that has a default. */
export const everyObject: FactoryInput = {
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
  network: { vpcId: { tag: { Name: "builds" } }, subnetIds: ["subnet-0a1b2c3d4e5f67890"] },
  instanceTypes: {},
  consumers: { verify: ["200000000001"], canary: { account: "200000000001", instanceTypes: {} }, rollout: {} },
  notify: { slack: { channel: "#images", routes: [{ images: ["base"], tones: ["bad"], channel: "#alerts" }] } },
  reconcile: {},
  leftovers: {},
  recycleBin: {},
  fleet: {},
  cost: {
    prices: {
      source: "the invoice of March",
      date: "2026-04-01",
      currency: "EUR",
      regions: {
        "eu-west-1": {
          lambda: { millionRequests: 1, gbSecond: {} },
          dynamodb: { millionReads: 1, millionWrites: 1 },
        },
      },
    },
  },
  feeds: {},
  objectives: {},
  waivers: [{ finding: "CVE-2026-1", image: "*", owner: "ada", reason: "not reachable", until: "2026-12-31" }],
  blackouts: [
    { from: "2026-12-19T00:00", to: "2027-01-04T08:00", reason: "freeze" },
    { cron: "0 18 ? * FRI *", duration: "60h", reason: "weekends" },
  ],
  people: { ada: { slack: "U012AB3CD" } },
  images: {
    base: {
      os: "al2023",
      architecture: "x86_64",
      components: [{ document: "amint:update-al2023" }, { aws: "stig-build-linux" }, { arn: arnOf("antivirus") }],
      tests: [{ document: "smoke.yaml" }, { aws: "simple-boot-test-linux" }, { arn: arnOf("scan") }],
      network: {},
      triggers: {
        schedule: patchTuesday({ plusDays: 1, at: "03:00" }),
        packages: { severity: "important" },
        breaker: { failures: 3 },
      },
      gate: {
        cve: { count: "all" },
        benchmark: { by: "inspector", level: 1, baseline: { level: 1, accepted: {} } },
        packages: {},
        drift: {},
        parent: { maxAge: "45d" },
      },
      channels: [
        {
          name: "stable",
          share: { organizationalUnits: ["ou-exam-workload"], accounts: ["200000000001"], except: {} },
          approval: { approvers: ["ada"], required: 1 },
          exports: { formats: ["raw"] },
          rollout: {
            waves: [{ name: "all" }],
            windows: [{ cron: "0 1 ? * MON-FRI *", duration: "5h" }],
          },
        },
      ],
      retention: { keep: 2, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" },
    },
    web: {
      kind: "container",
      os: "al2023",
      architecture: "x86_64",
      parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
      components: ["amint:update-al2023-container"],
      tests: ["smoke.yaml"],
      container: {},
      triggers: { schedule: every("rate(7 days)") },
      gate: {
        cve: { count: "all" },
        benchmark: {
          content: { url: "https://example.com/ssg.xml", sha256: "0".repeat(64) },
          profile,
          baseline: { profile, accepted: {} },
          categories: { I: 0, II: 1, III: 2 },
        },
      },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
};

function arnOf(name: string): string {
  return `arn:aws:imagebuilder:eu-west-1:444455556666:component/${name}/1.x.x`;
}
