import { type aBuilder, REGION } from "../imagebuilder/builder.ts";

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

const three = [1, 2, 3];

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
