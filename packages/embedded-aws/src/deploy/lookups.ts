import type { GetRoleCommandOutput } from "@aws-sdk/client-iam";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import type { Site } from "./resource-type.ts";

/**
 * Lookups during a deployment: `{{resolve:ssm:<parameter>}}`, as CloudFormation spells it, and
 * `{{resolve:iam-role-id:<role's name>}}`.
 */
const LOOKUP = /\{\{resolve:(ssm|iam-role-id):([\w./+=,@:-]+)\}\}/g;

/** The inputs with every lookup replaced by its current value in the resource's region. */
export async function resolveLookups(inputs: Record<string, unknown>, site: Site): Promise<Record<string, unknown>> {
  const text = JSON.stringify(inputs);
  const found = new Map<string, string>();
  for (const [lookup, kind, name = ""] of text.matchAll(LOOKUP)) {
    if (!found.has(lookup)) found.set(lookup, JSON.stringify(await lookUp(kind, name, site)).slice(1, -1));
  }
  return found.size === 0 ? inputs : JSON.parse(text.replace(LOOKUP, (lookup) => found.get(lookup) ?? lookup));
}

async function lookUp(kind: string | undefined, name: string, site: Site): Promise<string> {
  if (kind === "iam-role-id") {
    return (await site.call<GetRoleCommandOutput>("iam", "GetRole", { RoleName: name })).Role?.RoleId ?? "";
  }
  return (await site.call<GetParameterCommandOutput>("ssm", "GetParameter", { Name: name })).Parameter?.Value ?? "";
}
