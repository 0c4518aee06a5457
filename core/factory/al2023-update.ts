import type { Image } from "./image-schema.ts";

/**
 * The components that take Amazon Linux 2023 to a release. dnf is locked to the parent's own one, so nothing else of ours,
 * nor `aws:update-linux`, installs a fix that came after it (Amazon Linux 2023 user guide, "Deterministic upgrades", which
 * holds for its container images, too). A machine boots into what was installed; a container has nothing to boot.
 */
const byKind: Readonly<Record<Image["kind"], string>> = {
  ami: "images/components/update-al2023.yaml",
  container: "images/components/update-al2023-container.yaml",
};

export const al2023Update = ({ kind }: Pick<Image, "kind">): string => byKind[kind];
export const al2023Updates: readonly string[] = Object.values(byKind);
