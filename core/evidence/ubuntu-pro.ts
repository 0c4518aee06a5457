import type { Factory } from "../factory/factory-schema.ts";

/** Expanded Security Maintenance: its packages have it in their versions, and only Ubuntu Pro can install them. */
export const needsUbuntuPro = (version: string): boolean => /[+~]esm\d*/.test(version);

/**
 * Whether an image has Ubuntu Pro: it, or an ancestor, says so, or starts from Canonical's AMIs of it (Ubuntu on AWS, "Find
 * Ubuntu images", `pro-server`).
 */
export function hasUbuntuPro({ images }: Pick<Factory, "images">, image: string): boolean {
  const seen = new Set<string>();
  for (let at = image; !seen.has(at); ) {
    seen.add(at);
    const { parent, ubuntuPro } = images[at] ?? {};
    if (ubuntuPro) return true;
    if (!parent) return false;
    if (!("image" in parent)) return isPro(parent);
    at = parent.image;
  }
  return false;
}

function isPro(parent: Factory["images"][string]["parent"]): boolean {
  if ("ami" in parent) return parent.ami.name.startsWith("ubuntu-pro");
  return "ssm" in parent && parent.ssm.startsWith("/aws/service/canonical/ubuntu/pro-");
}
