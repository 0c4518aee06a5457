import type { Answers } from "./answers.ts";

const parents = {
  al2023: (architecture: Answers["architecture"]) =>
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
  "ubuntu-2404": (architecture: Answers["architecture"]) =>
    `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture === "arm64" ? "arm64" : "amd64"}/hvm/ebs-gp3/ami-id`,
};

const updates = { al2023: "amint:update-al2023", "ubuntu-2404": "amint:update-ubuntu" };

/** The content of a new project's `factory.config.ts`. */
export function factoryConfig({
  name,
  regions,
  account,
  organization,
  managementAccount,
  os,
  architecture,
}: Answers): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  return `import { defineFactory, patchTuesday } from ${JSON.stringify("amint")};

export default defineFactory({
  name: ${JSON.stringify(name)},
  // Images are built and tested here, in the default VPC unless \`network\` names another.
  buildRegion: ${JSON.stringify(regions[0])},
  // Images are published here.
  regions: ${list(regions)},
  account: ${JSON.stringify(account)},
  organization: { id: ${JSON.stringify(organization)}, managementAccountId: ${JSON.stringify(managementAccount)} },
  images: {
    ${JSON.stringify(`${os}-base`)}: {
      description: "Patched and hardened, for every account",
      os: ${JSON.stringify(os)},
      architecture: ${JSON.stringify(architecture)},
      parent: { ssm: ${JSON.stringify(parents[os](architecture))} },
      components: [
        ${JSON.stringify(updates[os])},
        "amint:harden-ssh",
        "amint:harden-kernel",
        "amint:harden-accounts",
        "amint:agents",
        // Yours: what every instance needs.
        "images/components/baseline.yaml",
      ],
      tests: [
        "aws:simple-boot-test-linux",
        "amint:smoke",
        "amint:hardening-tests",
        "images/components/baseline-tests.yaml",
      ],
      triggers: {
        // The night after Patch Tuesday. Important advisories for installed packages do not wait for it.
        schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "UTC" }),
        packages: { severity: "important" },
      },
      // Amazon Inspector must report no critical or high finding that has a fix.
      gate: { cve: { critical: 0, high: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
});
`;
}
