import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import {
  FULL_ACCESS,
  lineOf,
  type MemberAccount,
  type Organization,
  organizationWith,
  type Policy,
  type PolicyType,
} from "./state.ts";

/** Ids of policies attached directly to a root, OU or account; none of a type that is not enabled. */
export function attachedTo(organization: Organization, type: PolicyType, target: string): ReadonlySet<string> {
  if (!organization.policyTypes.has(type)) return new Set();
  return organization.attachments.get(type)?.get(target) ?? (type === "SERVICE_CONTROL_POLICY" ? ORIGINAL : new Set());
}

/** The policy that AWS attaches to every target. */
const ORIGINAL: ReadonlySet<string> = new Set([FULL_ACCESS]);

/** Replaces a target's attached policies. */
export function attach(
  organization: Organization,
  type: PolicyType,
  target: string,
  { ids, now }: { readonly ids: Iterable<string>; readonly now: number },
): void {
  const targets = organization.attachments.get(type) ?? new Map<string, Set<string>>();
  organization.attachments.set(type, targets.set(target, new Set(ids)));
  organization.policiesChangedAt = new Date(now);
}

/** Ids of the roots, OUs and accounts with a policy attached, outermost first. */
export function targetsOf(organization: Organization, { id, type }: Policy): string[] {
  const all = [...organization.units.keys(), ...organization.accounts.keys()];
  return all.filter((target) => attachedTo(organization, type, target).has(id));
}

/** The policies of a type that apply to an account, by level: root, OUs, the account. */
export function policiesAbove(organization: Organization, type: PolicyType, account: MemberAccount): Policy[][] {
  const line = [...lineOf(organization, account.parent).map(({ id }) => id), account.id];
  return line.map((target) =>
    [...attachedTo(organization, type, target)].flatMap((id) => organization.policies.get(id) ?? []),
  );
}

/**
 * The service control policies (JSON) that apply to an account by level, root first; each level must allow the request.
 * Levels that allow everything are omitted. The management account has none (user guide, "SCP effects on permissions").
 */
export function serviceControlLevels(aws: EmbeddedAws, account: string): readonly (readonly string[])[] {
  const organization = organizationWith(aws, account);
  const member = organization?.accounts.get(account);
  if (!organization || !member || organization.managementAccount === account) return [];
  if (!organization.policyTypes.has("SERVICE_CONTROL_POLICY")) return [];
  // Only AWS's default attachments exist.
  if (!organization.attachments.get("SERVICE_CONTROL_POLICY")?.size) return [];
  return policiesAbove(organization, "SERVICE_CONTROL_POLICY", member)
    .filter((policies) => !policies.every(({ id }) => id === FULL_ACCESS))
    .map((policies) => policies.map(({ content }) => content));
}
