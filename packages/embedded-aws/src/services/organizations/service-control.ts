import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { policiesAbove } from "./attachments.ts";
import { FULL_ACCESS } from "./policy.ts";
import { organizationWith } from "./state.ts";

/**
 * The service control policies (JSON) over an account by level, root first; each level must allow what is asked. Levels
 * that allow everything are left out. The management account has none (user guide, "SCP effects on permissions").
 */
export function serviceControlLevels(aws: EmbeddedAws, account: string): readonly (readonly string[])[] {
  const organization = organizationWith(aws, account);
  const member = organization?.accounts.get(account);
  if (!organization || !member || organization.managementAccount === account) return [];
  if (!organization.policyTypes.has("SERVICE_CONTROL_POLICY")) return [];
  // Nobody has touched what AWS attached to everything.
  if (!organization.attachments.get("SERVICE_CONTROL_POLICY")?.size) return [];
  return policiesAbove(organization, "SERVICE_CONTROL_POLICY", member)
    .filter((policies) => !policies.every(({ id }) => id === FULL_ACCESS))
    .map((policies) => policies.map(({ content }) => content));
}
