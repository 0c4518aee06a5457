import type { Factory } from "../factory/factory-schema.ts";
import { rootParent } from "../factory/root-parent.ts";

/** Expanded Security Maintenance: its packages have it in their versions, and only Ubuntu Pro can install them. */
export const needsUbuntuPro = (version: string): boolean => /[+~]esm\d*/.test(version);

/** Whether an image starts from Canonical's AMIs of Ubuntu Pro (Ubuntu on AWS, "Find Ubuntu images", `pro-server`). */
export function hasUbuntuPro(factory: Pick<Factory, "images">, image: string): boolean {
  const parent = rootParent(factory, image);
  if (!parent) return false;
  if ("ami" in parent) return parent.ami.name.startsWith("ubuntu-pro");
  return "ssm" in parent && parent.ssm.startsWith("/aws/service/canonical/ubuntu/pro-");
}
