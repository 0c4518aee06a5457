import type { CreateStackInstancesCommandInput, CreateStackSetCommandInput } from "@aws-sdk/client-cloudformation";
import { FACTORY, MANAGEMENT, REGION } from "../ec2/an-aws.ts";
import { cloudformationAws } from "./cloudformation-aws.ts";

export const OTHER_REGION = "us-east-1";
export const WORKLOADS = "ou-abcd-workload";
export const PRODUCTION_UNIT = "ou-abcd-producti";
export const SANDBOX_UNIT = "ou-abcd-sandbox1";
export const SERVICE = "member.org.stacksets.cloudformation.amazonaws.com";

export const parameter = (value = "!Ref Value") => `
Parameters: { Value: { Type: String, Default: first } }
Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Name: /from/set, Type: String, Value: ${value} } } }
`;
export const VERIFIER = `
Resources:
  Verifier:
    Type: AWS::IAM::Role
    Properties:
      RoleName: amint-verifier
      AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Principal: { AWS: "${FACTORY}" },
        Action: sts:AssumeRole, Condition: { StringEquals: { aws:PrincipalOrgID: o-exampleorg1 } } }] }
`;

export async function stackSets({ access = true } = {}) {
  const world = cloudformationAws();
  const as = world.cloudformation(MANAGEMENT);
  if (access) await as.activateOrganizationsAccess({});
  const create = (input: Partial<CreateStackSetCommandInput> = {}, client = as) =>
    client.createStackSet({
      StackSetName: "set",
      TemplateBody: parameter(),
      PermissionModel: "SERVICE_MANAGED",
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ...input,
    });
  const put = async (units: string[], input: Partial<CreateStackInstancesCommandInput> = {}) => {
    const { OperationId } = await as.createStackInstances({
      StackSetName: "set",
      DeploymentTargets: { OrganizationalUnitIds: units },
      Regions: [REGION],
      ...input,
    });
    await world.pass(600);
    return OperationId;
  };
  return {
    ...world,
    as,
    create,
    put,
    /** `<account> <region> <status>`, sorted. */
    instances: async () => {
      const { Summaries = [] } = await as.listStackInstances({ StackSetName: "set" });
      return Summaries.map(({ Account, Region, Status }) => `${Account} ${Region} ${Status}`).sort();
    },
    read: (account: string, Name = "/from/set") =>
      world.call<{ Parameter: { Value: string } }>(account, "ssm", "GetParameter", { Name }).then(
        (answer) => answer.Parameter.Value,
        ({ code }: { code: string }) => code,
      ),
    move: (AccountId: string, SourceParentId: string, DestinationParentId: string) =>
      world.call(MANAGEMENT, "organizations", "MoveAccount", { AccountId, SourceParentId, DestinationParentId }),
  };
}
