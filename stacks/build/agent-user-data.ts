/** Unlike /tmp, it is still there after the reboot of an update component: Debian empties /tmp when it boots. */
export const KEPT_DIRECTORY = "/var/tmp";

/**
 * User data for a build instance of Debian, in the place of Image Builder's own: that one is replaced as a whole, so that
 * this script also asks for the clean-up before the AMI is made (Image Builder user guide, "Security best practices", and
 * API reference, AdditionalInstanceConfiguration). The agent comes by TLS from the region's bucket of Systems Manager (its
 * user guide, "Manually installing SSM Agent on Debian Server").
 */
export function agentUserData({ partition, region }: { readonly partition: string; readonly region: string }): string {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `#!/bin/bash
set -euo pipefail
touch ${KEPT_DIRECTORY}/perform_cleanup
# The agent of a parent that is an image of the factory stays.
if ! dpkg-query --show amazon-ssm-agent > /dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  if ! command -v curl > /dev/null; then
    apt-get -o DPkg::Lock::Timeout=300 --yes update
    apt-get -o DPkg::Lock::Timeout=300 --yes install curl ca-certificates
  fi
  work="$(mktemp -d)"
  curl --fail --silent --show-error --retry 5 --retry-all-errors --output "$work/amazon-ssm-agent.deb" \\
    "https://s3.${region}.${suffix}/amazon-ssm-${region}/latest/debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb"
  # cloud-init and the daily jobs hold dpkg's lock for a while; apt-get waits for it.
  apt-get -o DPkg::Lock::Timeout=300 --yes install "$work/amazon-ssm-agent.deb"
  rm -r "$work"
fi
systemctl enable --now amazon-ssm-agent
`;
}
