import type { Factory } from "../factory/factory-schema.ts";

/** Whether a version is from Expanded Security Maintenance, which only Ubuntu Pro can install: it contains `esm`. */
export const needsUbuntuPro = (version: string): boolean => /[+~]esm\d*/.test(version);

/**
 * Whether an image has Ubuntu Pro: it or an ancestor sets `ubuntuPro`, or starts from Canonical's Ubuntu Pro AMIs (Ubuntu on
 * AWS, "Find Ubuntu images", `pro-server`).
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
