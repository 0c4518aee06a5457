import type { Validation } from "./find-faults.ts";

/** For people: each finding with its fix, or what was found to be right. */
export function report({ account, deployed, organization, findings }: Validation): string {
  const faults = findings.flatMap(({ where, what, fix }) => [`${where}: ${what}`, `  fix: ${fix}`, ""]);
  const looked = [
    ...(account ? [`Looked at as account ${account}.`] : []),
    ...(organization
      ? [`The organization has ${organization.accounts.length} accounts in ${organization.units.length} units.`]
      : []),
    ...(account && !deployed
      ? ["The factory is not deployed yet: its keys, bus and consumer roles are looked at once it is."]
      : []),
  ];
  const verdict =
    findings.length === 0
      ? "Nothing was found that a promotion would fail of."
      : `${findings.length} ${findings.length === 1 ? "thing" : "things"} to mend.`;
  return `${[...faults, ...looked, verdict].join("\n")}\n`;
}
