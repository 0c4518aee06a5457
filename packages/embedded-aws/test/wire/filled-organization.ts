import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { ACCOUNT, type aBuilder } from "../imagebuilder/builder.ts";
import { allow, policy } from "../policy.ts";

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

const three = [1, 2, 3];

/** Three OUs and accounts; services, administrators and policies that fill more than one page. */
export async function filledOrganization(aws: EmbeddedAws, call: Call) {
  seedOrganization(aws, {
    id: "o-exampleorg1",
    rootId: "r-exam",
    management: { id: ACCOUNT, name: "management" },
    units: three.map((n) => ({ name: `ou-${n}`, id: `ou-exam-workload${n}`, accounts: [] })),
    accounts: three.map((n) => ({ id: `22223333444${n}`, name: `account-${n}` })),
  });
  const services = ["ram", "member.org.stacksets.cloudformation", "ssm"].map((name) => `${name}.amazonaws.com`);
  for (const ServicePrincipal of services) {
    await call("organizations", "EnableAWSServiceAccess", { ServicePrincipal });
    for (const n of three) {
      await call("organizations", "RegisterDelegatedAdministrator", { AccountId: `22223333444${n}`, ServicePrincipal });
    }
  }
  const Content = policy(allow("*"));
  const policies: string[] = [];
  for (const n of three) {
    const made = await call<{ Policy: { PolicySummary: { Id: string } } }>("organizations", "CreatePolicy", {
      Name: `policy-${n}`,
      Description: "",
      Type: "SERVICE_CONTROL_POLICY",
      Content,
    });
    policies.push(made.Policy.PolicySummary.Id);
    await call("organizations", "AttachPolicy", { PolicyId: policies.at(-1), TargetId: "r-exam" });
  }
  return { policy: policies[0] };
}
