import { type CloudFormationClient, paginateListStackInstances } from "@aws-sdk/client-cloudformation";
import type { Consumers } from "../../core/factory/consumers-schema.ts";
import { consumerRoleName } from "../../core/names.ts";
import type { Finding } from "./finding.ts";

/** Accounts in which StackSets could not make the consumer role, or not as it is now; and those of `verify` without it. */
export async function checkConsumerRoles(
  factory: string,
  { verify, canary }: Consumers,
  cloudformation: CloudFormationClient,
): Promise<Finding[]> {
  const StackSetName = consumerRoleName(factory);
  const asked = { StackSetName, CallAs: "DELEGATED_ADMIN" } as const;
  const findings: Finding[] = [];
  const having = new Set<string | undefined>();
  for await (const { Summaries = [] } of paginateListStackInstances({ client: cloudformation }, asked)) {
    for (const { Account, Status, StatusReason, StackInstanceStatus } of Summaries) {
      having.add(Account);
      if (Status === "CURRENT" || isUnderWay(StackInstanceStatus?.DetailedStatus)) continue;
      findings.push({
        where: `account ${Account}`,
        what: `the role ${StackSetName} is not as it should be: ${StatusReason ?? Status}`,
        fix: `mend that in ${Account}; StackSets tries again when the factory is deployed, or by aws cloudformation update-stack-set`,
      });
    }
  }
  const needing = new Set([...verify, ...(canary ? [canary.account] : [])]);
  for (const account of needing) {
    if (having.has(account)) continue;
    const fix = "deploy the factory again; StackSets takes minutes for an account that has just joined";
    findings.push({
      where: `account ${account}`,
      what: `has no role ${StackSetName}: nothing can be tried there`,
      fix,
    });
  }
  return findings;
}

const isUnderWay = (status: string | undefined): boolean => status === "PENDING" || status === "RUNNING";
