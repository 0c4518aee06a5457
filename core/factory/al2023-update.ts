/**
 * The component that takes Amazon Linux 2023 to a release. dnf is locked to the AMI's own one, so nothing else of ours,
 * nor `aws:update-linux`, installs a fix that came after the AMI (Amazon Linux 2023 user guide, "Deterministic upgrades").
 */
export const AL2023_UPDATE = "images/components/update-al2023.yaml";
