/** Unlike /tmp, it survives the reboot of an update component: Debian empties /tmp at boot. */
export const KEPT_DIRECTORY = "/var/tmp";

/** The parts of the script that depend on the package manager. */
const packages = {
  dpkg: {
    isThere: "dpkg-query --show amazon-ssm-agent > /dev/null 2>&1",
    file: "debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb",
    prepare: `  export DEBIAN_FRONTEND=noninteractive
  if ! command -v curl > /dev/null; then
    apt-get -o DPkg::Lock::Timeout=300 --yes update
    apt-get -o DPkg::Lock::Timeout=300 --yes install curl ca-certificates
  fi
`,
    // cloud-init and the daily jobs hold dpkg's lock for a while; apt-get waits for it.
    install: "apt-get -o DPkg::Lock::Timeout=300 --yes install",
  },
  rpm: {
    isThere: "rpm --query amazon-ssm-agent > /dev/null 2>&1",
    file: '$(test "$(uname -m)" = aarch64 && echo linux_arm64 || echo linux_amd64)/amazon-ssm-agent.rpm',
    prepare: "",
    install: "dnf --assumeyes install",
  },
} as const;

/**
 * User data for a build instance whose AMI does not have the SSM Agent. It replaces Image Builder's own user data, so it must
 * also request the clean-up before the AMI is created (Image Builder user guide, "Security best practices", and API reference,
 * AdditionalInstanceConfiguration). The agent is downloaded over TLS from the region's Systems Manager bucket (Systems Manager
 * user guide, "Manually installing SSM Agent on EC2 instances for Linux").
 */
export function agentUserData(
  manager: keyof typeof packages,
  { partition, region }: { readonly partition: string; readonly region: string },
): string {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const { isThere, file, prepare, install } = packages[manager];
  const name = `amazon-ssm-agent.${manager === "dpkg" ? "deb" : "rpm"}`;
  return `#!/bin/bash
set -euo pipefail
touch ${KEPT_DIRECTORY}/perform_cleanup
# The agent of a parent that is an image of the factory stays.
if ! ${isThere}; then
${prepare}  work="$(mktemp -d)"
  curl --fail --silent --show-error --retry 5 --retry-all-errors --output "$work/${name}" \\
    "https://s3.${region}.${suffix}/amazon-ssm-${region}/latest/${file}"
  ${install} "$work/${name}"
  rm -r "$work"
fi
systemctl enable --now amazon-ssm-agent
`;
}
