import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { unlessError } from "../../adapters/unless-error.ts";
import { choosesSessionName } from "../../core/approval/check-trust.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { type Finding, unlessRefused } from "./finding.ts";

const SESSION = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;

/**
 * Finds approvers identified by a role session name that callers can choose. Roles of other accounts cannot
 * be read from here; a principal without a session name matches every session of its role.
 */
export async function checkPeople(
  { people }: Pick<Factory, "people">,
  account: string,
  iam: IAMClient,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, { principals }] of Object.entries(people)) {
    for (const [index, principal] of principals.entries()) {
      const [, owner, role = "", session = ""] = SESSION.exec(principal) ?? [];
      if (owner !== account || role.includes("*") || session === "*") continue;
      const where = `people.${name}.principals[${index}]`;
      const refused = { where, fix: "use credentials that may call iam:GetRole" };
      findings.push(
        ...(await unlessRefused(refused, async () => {
          const trust = await findTrustPolicy(iam, role);
          return trust !== undefined && choosesSessionName(trust) ? [toFinding(where, role, session)] : [];
        })),
      );
    }
  }
  return findings;
}

const toFinding = (where: string, role: string, session: string): Finding => ({
  where,
  what: `anyone who may assume the role ${role} can be "${session}": its trust policy does not pin sts:RoleSessionName`,
  fix: `add to the trust policy of ${role} a condition such as "StringEquals": {"sts:RoleSessionName": "\${aws:username}"}`,
  warning: true,
});

/** Undefined if the role does not exist, and so has no sessions. */
async function findTrustPolicy(iam: IAMClient, RoleName: string): Promise<string | undefined> {
  const found = await unlessError(iam.send(new GetRoleCommand({ RoleName })), /^NoSuchEntity/);
  return found && decodeURIComponent(found.Role?.AssumeRolePolicyDocument ?? "");
}
