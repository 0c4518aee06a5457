import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { ACCOUNT, type aBuilder, REGION } from "../imagebuilder/builder.ts";
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

/** Shares of the account, and of another that invites it. */
export async function filledShares(aws: EmbeddedAws, call: Call): Promise<void> {
  const parameter = (n: number) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/shared/p-${n}`;
  await call("ram", "EnableSharingWithAwsOrganization", {});
  for (const n of three) {
    await call("ssm", "PutParameter", { Name: `/shared/p-${n}`, Value: "v", Type: "String", Tier: "Advanced" });
  }
  for (const n of three) {
    const principals = three.map((one) => `22223333444${one}`);
    await call("ram", "CreateResourceShare", { name: `s-${n}`, resourceArns: three.map(parameter), principals });
    // Invitations from other accounts.
    const other = { principal: accountPrincipal("666677778888"), region: REGION };
    await aws.call("ram", "CreateResourceShare", { name: `foreign-${n}`, principals: [ACCOUNT] }, other);
  }
}

/** More stacks, and in one of them more events, than fit in a page; stack sets with instances. */
export async function filledStacks(call: Call, pass: (minutes: number) => Promise<void>): Promise<string> {
  const parameters = (count: number, name: string) => {
    const one = (n: number) => ({
      Type: "AWS::SSM::Parameter",
      Properties: { Name: `/${name}/${n}`, Type: "String", Value: "v" },
    });
    return JSON.stringify({
      Resources: Object.fromEntries(Array.from({ length: count }, (_, n) => [`P${n}`, one(n)])),
    });
  };
  for (let n = 1; n <= 101; n++) {
    await call("cloudformation", "CreateStack", { StackName: `s-${n}`, TemplateBody: parameters(1, `s-${n}`) });
  }
  await call("cloudformation", "CreateStack", { StackName: "many", TemplateBody: parameters(34, "many") });
  await pass(3);
  await call("cloudformation", "ActivateOrganizationsAccess", {});
  let last = "";
  for (const n of three) {
    await call("cloudformation", "CreateStackSet", {
      StackSetName: `set-${n}`,
      TemplateBody: parameters(1, `set-${n}`),
      PermissionModel: "SERVICE_MANAGED",
    });
  }
  for (const Region of [REGION, "us-east-1"]) {
    const { OperationId } = await call<{ OperationId: string }>("cloudformation", "CreateStackInstances", {
      StackSetName: "set-1",
      DeploymentTargets: { OrganizationalUnitIds: ["r-exam"] },
      Regions: [Region],
    });
    last = OperationId;
    await pass(3);
  }
  return last;
}
