import { defineFactory, patchTuesday } from "amint";

/** The night after Patch Tuesday in Zurich, when the updates of Microsoft, Canonical and Amazon are available. */
const patchNight = patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" });

const fixableOnly = { cve: { critical: 0, high: 0, count: "fixable" } } as const;

const hardening = [
  "images/components/harden-ssh.yaml",
  "images/components/harden-kernel.yaml",
  "images/components/harden-accounts.yaml",
  "images/components/agents.yaml",
];

const smokeTests = [
  "aws:simple-boot-test-linux",
  "images/components/smoke.yaml",
  "images/components/hardening-tests.yaml",
];

/** One approval is enough, for scheduled builds too. A requester cannot be the only approver. */
const approval = { approvers: ["ada", "grace"], required: 1, timeout: "3d", remindAfter: "1d" };

/** Builds are retired stage by stage, and only if no account of the organization uses them. */
const retention = { keep: 3, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" };

/** No channel and no roll-out waits as long for the fix of such an advisory as for a monthly update. */
const urgent = { exploited: "always", severity: "critical" } as const;
const soak = { usual: "24h", urgent: "2h" };

const waves = [
  { name: "early", accounts: ["400000000002"], bake: "15m" },
  { name: "production", organizationalUnits: ["ou-exam-produc11"], bake: "15m" },
];

/** The example factory: two base images with a monthly patch night, a web server on one, and a container image. */
export default defineFactory({
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  // The account has no default VPC. Building instances are in private subnets behind a NAT gateway.
  network: {
    vpcId: { tag: { Name: "image-builds" } },
    subnetIds: [{ tag: { Name: "image-builds-private-a" } }, { tag: { Name: "image-builds-private-b" } }],
  },
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
  consumers: {
    // An account of each OU, and one in the root: launches are verified there before a channel moves.
    verify: ["200000000001", "300000000001", "400000000001", "500000000001", "444455556666"],
    canary: { account: "200000000001" },
    mirror: true,
    // Payments' launch template names its AMI by ID: a roll-out creates a version of it.
    rollout: { templateVersions: ["500000000002"] },
  },
  // The organization's trail reports changes that send no event of their own; everything is compared once a day.
  cloudTrail: "organization",
  objectives: { patched90: "48h" },
  notify: { email: ["platform@example.com"], slack: { channel: "#golden-images" } },
  people: {
    ada: { slack: "U012AB3CD", principals: ["arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"] },
    grace: { slack: "U045EF6GH", principals: ["arn:aws:sts::111122223333:assumed-role/Security/grace@example.com"] },
  },
  images: {
    "al2023-base": {
      description: "Amazon Linux 2023, patched and hardened",
      os: "al2023",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      components: ["images/components/update-al2023.yaml", ...hardening],
      tests: smokeTests,
      // Important advisories and new AMIs of Amazon do not wait for patch night.
      triggers: { schedule: patchNight, packages: { severity: "important" }, base: true },
      // The fix of what is exploited soaks for two hours instead of a day.
      urgent,
      gate: fixableOnly,
      retention,
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak },
        // Auto Scaling groups that opted in follow it: those of the test account first.
        { name: "stable", share: { organization: true }, rollout: { waves, alarms: ["front-page-errors"] } },
      ],
    },
    "ubuntu-2404-base": {
      description: "Ubuntu 24.04 LTS, patched and hardened",
      os: "ubuntu-2404",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" },
      components: ["images/components/update-ubuntu.yaml", ...hardening],
      tests: smokeTests,
      // Canonical's priority "high" is important. An update without a priority for 24 hours counts as important too.
      triggers: { schedule: patchNight, packages: { severity: "important" }, minimumInterval: "24h" },
      gate: fixableOnly,
      retention,
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak: "24h" },
        {
          name: "stable",
          share: { organizationalUnits: ["ou-exam-workload", "ou-exam-security"], accounts: ["444455556666"] },
          // An approver checks it before production gets it.
          approval,
        },
      ],
    },
    "al2023-web": {
      description: "nginx on al2023-base",
      os: "al2023",
      architecture: "x86_64",
      parent: { image: "al2023-base", channel: "stable" },
      components: ["images/components/update-al2023.yaml", "images/components/web-server.yaml"],
      tests: [...smokeTests, "images/components/web-server-tests.yaml"],
      // An advisory for nginx rebuilds this image only; one for a package of al2023-base rebuilds that first.
      triggers: { parent: true, packages: { severity: "important" } },
      gate: fixableOnly,
      retention,
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak: "24h" },
        // Its parent is promoted without approval.
        { name: "stable", share: { organizationalUnits: ["ou-exam-produc11"] }, approval },
      ],
    },
    "al2023-node": {
      kind: "container",
      description: "Node.js on Amazon Linux 2023, as a container image",
      os: "al2023",
      architecture: "x86_64",
      parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
      components: ["images/components/update-al2023-container.yaml", "images/components/nodejs.yaml"],
      tests: ["images/components/container-smoke.yaml"],
      triggers: { schedule: patchNight, packages: { severity: "important" } },
      gate: fixableOnly,
      retention,
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak: "24h" },
        { name: "stable", share: { organization: true } },
      ],
    },
  },
});
