import { defineFactory, patchTuesday } from "amint";

const patchNight = patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" });
const gate = { cve: { critical: 0, high: 0, count: "fixable" }, sbom: "required" } as const;
const organization = { organization: true } as const;

/** Systems of several vendors, each with the kind of parent that its vendor has. */
export default defineFactory({
  name: "mixed",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1", "us-east-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" },
  consumers: { verify: ["200000000001"] },
  people: {
    ada: { principals: ["arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"] },
    grace: { principals: ["arn:aws:sts::111122223333:assumed-role/Security/grace@example.com"] },
  },
  images: {
    "windows-2022-base": {
      description: "Windows Server 2022, updated and hardened",
      os: "windows-2022",
      architecture: "x86_64",
      // Amazon's parameter, the default parent of this system.
      parent: { ssm: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base" },
      components: ["aws:update-windows", "amint:windows-hardening"],
      tests: ["amint:windows-system-tests", "amint:windows-hardening-tests"],
      // Amazon's AMIs have Microsoft's updates about a week after Patch Tuesday; these come by aws:update-windows.
      triggers: { schedule: patchNight, base: true, packages: { severity: "critical", exploited: "always" } },
      gate,
      channels: [
        { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] }, soak: "24h" },
        { name: "stable", share: organization, approval: { approvers: ["ada", "grace"], timeout: "3d" } },
      ],
    },
    "debian-12-base": {
      description: "Debian 12, hardened",
      os: "debian-12",
      architecture: "x86_64",
      // Debian's account: anyone can publish an AMI under its name.
      parent: { ami: { owner: "136693071363", name: "debian-12-amd64-*" } },
      components: ["amint:update-debian", "amint:harden-ssh", "amint:harden-accounts"],
      triggers: { packages: { severity: "unknown" }, base: true },
      gate,
      channels: [{ name: "stable", share: organization }],
    },
    "debian-12-web": {
      description: "nginx on the Debian above",
      os: "debian-12",
      architecture: "x86_64",
      parent: { image: "debian-12-base", channel: "stable" },
      components: ["demo/debian/components/web-server.yaml"],
      tests: ["amint:system-tests", "demo/debian/components/web-server-tests.yaml"],
      triggers: { parent: true, packages: { severity: "unknown" } },
      gate: { ...gate, parent: { maxAge: "45d" } },
      channels: [{ name: "stable", share: organization }],
    },
    "rhel-9-base": {
      description: "Red Hat Enterprise Linux 9 with a subscription by the hour, which its AMIs keep",
      os: "rhel-9",
      architecture: "x86_64",
      // Red Hat publishes no parameter; *Access2* would be AMIs for subscriptions of one's own.
      parent: { ami: { owner: "309956199498", name: "RHEL-9*_HVM-*-x86_64-*-Hourly2-GP3" } },
      components: ["amint:update-enterprise-linux"],
      triggers: { schedule: patchNight, base: true, packages: { severity: "important", exploited: "always" } },
      gate,
      channels: [{ name: "stable", share: organization }],
    },
    "al2023-arm64": {
      description: "Amazon Linux 2023 on Graviton",
      os: "al2023",
      architecture: "arm64",
      components: ["amint:update-al2023"],
      triggers: { packages: { severity: "important" }, base: true },
      gate,
      channels: [{ name: "stable", share: organization }],
    },
  },
});
