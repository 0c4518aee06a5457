import { FULL_ACCESS, type Policy, type PolicyType } from "./policy.ts";
import { lineOf, type MemberAccount, type Organization } from "./state.ts";

/** Ids of the policies that are attached to a root, unit or account itself; none of a type that is not enabled. */
export function attachedTo(organization: Organization, type: PolicyType, target: string): ReadonlySet<string> {
  if (!organization.policyTypes.has(type)) return new Set();
  return organization.attachments.get(type)?.get(target) ?? (type === "SERVICE_CONTROL_POLICY" ? ORIGINAL : new Set());
}

/** What AWS attaches to everything. */
const ORIGINAL: ReadonlySet<string> = new Set([FULL_ACCESS]);

/** Replaces what is attached to a target. */
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

/** Ids of the roots, units and accounts that a policy is attached to, outermost first. */
export function targetsOf(organization: Organization, { id, type }: Policy): string[] {
  const all = [...organization.units.keys(), ...organization.accounts.keys()];
  return all.filter((target) => attachedTo(organization, type, target).has(id));
}

/** The policies of a type that bear on an account, by level: root, units, the account itself. */
export function policiesAbove(organization: Organization, type: PolicyType, account: MemberAccount): Policy[][] {
  const line = [...lineOf(organization, account.parent).map(({ id }) => id), account.id];
  return line.map((target) =>
    [...attachedTo(organization, type, target)].flatMap((id) => organization.policies.get(id) ?? []),
  );
}
