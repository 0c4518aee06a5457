import { existsSync, readFileSync } from "node:fs";
import { arch, homedir, platform } from "node:os";
import { join } from "node:path";
import { AWS_PROVIDER } from "./provider-schema.ts";

/** The AWS provider's. */
export const VERSION = "5.100.0";

/** Path of a provider mirror, if Terraform's configuration does not set one. */
const MIRROR = "TERRAFORM_PLUGIN_MIRROR";

const { env } = process;

/** Terraform's own configuration file, and the mirrors that it names. */
function configuredMirrors(): string[] {
  const path = env.TF_CLI_CONFIG_FILE ?? join(homedir(), ".terraformrc");
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/filesystem_mirror\s*{[^}]*?\bpath\s*=\s*"([^"]+)"/g)].map(([, found = ""]) => found);
}

/** Where Terraform looks for providers by default (Terraform's documentation, "Implied local mirror directories"). */
const implied = [
  join(homedir(), ".terraform.d/plugins"),
  join(homedir(), ".local/share/terraform/plugins"),
  "/usr/local/share/terraform/plugins",
  "/usr/share/terraform/plugins",
];

const system = `${platform()}_${arch() === "x64" ? "amd64" : arch()}`;

const hasProvider = (mirror: string): boolean =>
  existsSync(join(mirror, AWS_PROVIDER, VERSION, system)) ||
  existsSync(join(mirror, AWS_PROVIDER, `terraform-provider-aws_${VERSION}_${system}.zip`));

/** The folder from which Terraform can install the provider; undefined if there is none. */
export const mirror = [env[MIRROR] ?? [], configuredMirrors(), implied].flat().find(hasProvider);
