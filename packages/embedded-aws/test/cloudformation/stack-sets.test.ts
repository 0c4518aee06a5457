import type {
  CreateStackInstancesCommandInput,
  UpdateStackInstancesCommandInput,
} from "@aws-sdk/client-cloudformation";
import { expect, test } from "vitest";
import { FACTORY, MANAGEMENT, PRODUCTION, REGION, SANDBOX } from "../ec2/an-aws.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { OTHER_REGION, parameter, SANDBOX_UNIT, stackSets, WORKLOADS } from "./stack-set-aws.ts";

test("Stacks come into every account below the units, in every region, and never into the management account", async () => {
  const { as, create, put, instances, read } = await stackSets();
  const { StackSetId } = await create();

  const OperationId = await put(["r-abcd"], { Regions: [REGION, OTHER_REGION] });
  const { StackSetOperation: operation } = await as.describeStackSetOperation({ StackSetName: "set", OperationId });
  const { Summaries: results = [] } = await as.listStackSetOperationResults({ StackSetName: "set", OperationId });
  const { StackSet: set } = await as.describeStackSet({ StackSetName: StackSetId });

  expect(await instances()).toEqual(
    [FACTORY, PRODUCTION, SANDBOX].flatMap((account) => [
      `${account} ${REGION} CURRENT`,
      `${account} ${OTHER_REGION} CURRENT`,
    ]),
  );
  expect([await read(PRODUCTION), await read(MANAGEMENT)]).toEqual(["first", "ParameterNotFound"]);
  expect(operation).toMatchObject({ Action: "CREATE", Status: "SUCCEEDED", EndTimestamp: expect.any(Date) });
  expect(results.map(({ Region, Status }) => `${Region} ${Status}`)).toEqual([
    ...Array(3).fill(`${REGION} SUCCEEDED`),
    ...Array(3).fill(`${OTHER_REGION} SUCCEEDED`),
  ]);
  expect(set).toMatchObject({
    Status: "ACTIVE",
    PermissionModel: "SERVICE_MANAGED",
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    OrganizationalUnitIds: ["r-abcd"],
  });
});

test("Accounts are filtered: only these of the units, or all but these", async () => {
  const { create, put, instances } = await stackSets();
  await create();
  const within = (AccountFilterType: "INTERSECTION" | "DIFFERENCE", ...Accounts: string[]) => ({
    DeploymentTargets: { OrganizationalUnitIds: [WORKLOADS, SANDBOX_UNIT], AccountFilterType, Accounts },
  });

  await put([], within("INTERSECTION", PRODUCTION, "555566667777"));
  const only = await instances();
  await put([], within("DIFFERENCE", FACTORY, PRODUCTION));

  expect(only).toEqual([`${PRODUCTION} ${REGION} CURRENT`]);
  expect(await instances()).toEqual([`${PRODUCTION} ${REGION} CURRENT`, `${SANDBOX} ${REGION} CURRENT`]);
});

test("An update reaches all instances and keeps overrides; a failure names the resource and stops the rest", async () => {
  const { as, call, create, put, instances, pass, read } = await stackSets();
  await create();
  await put([SANDBOX_UNIT], { ParameterOverrides: [{ ParameterKey: "Value", ParameterValue: "own" }] });
  await put([WORKLOADS]);
  const update = async (TemplateBody: string) => {
    const { OperationId } = await as.updateStackSet({ StackSetName: "set", TemplateBody });
    await pass(600);
    return OperationId;
  };

  await update(parameter("!Join ['-', [!Ref Value, again]]"));
  const updated = [await read(SANDBOX), await read(PRODUCTION)];
  await call(FACTORY, "ssm", "PutParameter", { Name: "/taken", Value: "v", Type: "String" });
  const OperationId = await update(parameter().replace("/from/set", "/taken"));
  const { Summaries: results = [] } = await as.listStackSetOperationResults({ StackSetName: "set", OperationId });
  const { StackSetOperation: operation } = await as.describeStackSetOperation({ StackSetName: "set", OperationId });
  const { StackInstance: instance } = await as.describeStackInstance({
    StackSetName: "set",
    StackInstanceAccount: FACTORY,
    StackInstanceRegion: REGION,
  });

  expect(updated).toEqual(["own-again", "first-again"]);
  expect(results.map(({ Account, Status }) => `${Account} ${Status}`)).toEqual([
    `${SANDBOX} SUCCEEDED`,
    `${FACTORY} FAILED`,
    `${PRODUCTION} CANCELLED`,
  ]);
  expect(operation).toMatchObject({ Status: "FAILED", StatusDetails: { FailedStackInstancesCount: 1 } });
  expect(instance).toMatchObject({
    Status: "OUTDATED",
    StackInstanceStatus: { DetailedStatus: "FAILED" },
    StatusReason: expect.stringMatching(/^ResourceLogicalId:P, ResourceType:AWS::SSM::Parameter, .*already exists/),
  });
  expect(await instances()).toContain(`${PRODUCTION} ${REGION} OUTDATED`);
});

test("Failures are tolerated up to the given number", async () => {
  const { as, call, create, put, instances } = await stackSets();
  await create();
  await call(FACTORY, "ssm", "PutParameter", { Name: "/from/set", Value: "v", Type: "String" });

  const OperationId = await put([WORKLOADS], {
    OperationPreferences: { FailureToleranceCount: 1, MaxConcurrentCount: 2 },
  });
  const { StackSetOperation: operation } = await as.describeStackSetOperation({ StackSetName: "set", OperationId });

  expect(operation?.Status).toBe("SUCCEEDED");
  expect(await instances()).toEqual([`${FACTORY} ${REGION} OUTDATED`, `${PRODUCTION} ${REGION} CURRENT`]);
});

test("Instances go, and then the set may; a set with instances stays", async () => {
  const { as, create, put, pass, instances, read } = await stackSets();
  await create();
  await put([WORKLOADS]);
  const remove = () =>
    as.deleteStackInstances({
      StackSetName: "set",
      DeploymentTargets: { OrganizationalUnitIds: [WORKLOADS] },
      Regions: [REGION],
      RetainStacks: false,
    });

  await expect(as.deleteStackSet({ StackSetName: "set" })).rejects.toMatchObject({ name: "StackSetNotEmptyException" });
  await remove();
  await expect(remove()).rejects.toMatchObject({ name: "OperationInProgressException" });
  await pass(600);
  const left = [await instances(), await read(PRODUCTION)];
  await as.deleteStackSet({ StackSetName: "set" });
  const { Summaries: sets } = await as.listStackSets({ Status: "ACTIVE" });

  expect(left).toEqual([[], "ParameterNotFound"]);
  expect(sets).toEqual([]);
  await expectRefusal(as.describeStackSet({ StackSetName: "set" }), "StackSetNotFoundException");
});

test.each<[string, Partial<CreateStackInstancesCommandInput>, RegExp]>([
  ["accounts without units", { DeploymentTargets: { Accounts: [FACTORY] } }, /OrganizationalUnitIds are required/],
  [
    "an OU that does not exist",
    { DeploymentTargets: { OrganizationalUnitIds: ["ou-abcd-none0000"] } },
    /ou-abcd-none0000/,
  ],
  [
    "accounts without a filter type",
    { DeploymentTargets: { OrganizationalUnitIds: [WORKLOADS], Accounts: [FACTORY] } },
    /AccountFilterType must be specified/,
  ],
  ["no region", { Regions: ["Ireland"] }, /Ireland/],
])("Refused: %s", async (_, input, message) => {
  const { as, create, put } = await stackSets();
  await create();

  await expect(put([WORKLOADS], input)).rejects.toMatchObject({ name: "ValidationError", message });
  expect((await as.listStackSetOperations({ StackSetName: "set" })).Summaries).toEqual([]);
});

test("A stack can have a stack set among its resources, which is done when its instances are", async () => {
  const { cloudformation, pass, describe, instances, call } = await stackSets();
  const template = (units: string) => `
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: set
      PermissionModel: SERVICE_MANAGED
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false }
      TemplateBody: ${JSON.stringify(parameter())}
      StackInstancesGroup:
        - { DeploymentTargets: { OrganizationalUnitIds: [${units}] }, Regions: [${REGION}] }
`;
  const by = (operation: string, input: object) =>
    call(MANAGEMENT, "cloudformation", operation, { StackName: "org", ...input });

  await by("CreateStack", { TemplateBody: template(WORKLOADS) });
  await pass(600);
  const made = [(await describe("org", MANAGEMENT))?.StackStatus, await instances()];
  await by("UpdateStack", { TemplateBody: template(SANDBOX_UNIT) });
  await pass(600);
  const updated = await instances();
  await by("DeleteStack", {});
  await pass(600);

  expect(made).toEqual(["CREATE_COMPLETE", [`${FACTORY} ${REGION} CURRENT`, `${PRODUCTION} ${REGION} CURRENT`]]);
  expect(updated).toEqual([`${SANDBOX} ${REGION} CURRENT`]);
  const { Summaries } = await cloudformation(MANAGEMENT).listStackSets({ Status: "ACTIVE" });
  expect(Summaries).toEqual([]);
});

test("Instances are updated by unit: other overrides, those that are kept, and none", async () => {
  const { as, create, put, instances, pass, read } = await stackSets();
  await create();
  await put([SANDBOX_UNIT], { ParameterOverrides: [{ ParameterKey: "Value", ParameterValue: "own" }] });
  await put([WORKLOADS]);
  const update = async (input: Partial<UpdateStackInstancesCommandInput>) => {
    await as.updateStackInstances({
      StackSetName: "set",
      DeploymentTargets: { OrganizationalUnitIds: [SANDBOX_UNIT] },
      Regions: [REGION],
      ...input,
    });
    await pass(600);
    return await read(SANDBOX);
  };

  const values = [
    await update({}),
    await update({ ParameterOverrides: [{ ParameterKey: "Value", UsePreviousValue: true }] }),
    await update({ ParameterOverrides: [{ ParameterKey: "Value", ParameterValue: "other" }] }),
    await update({ ParameterOverrides: [] }),
  ];

  expect(values).toEqual(["own", "own", "other", "first"]);
  expect(await read(PRODUCTION)).toBe("first");
  expect((await instances()).every((one) => one.endsWith("CURRENT"))).toBe(true);
  await expectRefusal(
    update({ ParameterOverrides: [{ ParameterKey: "None", ParameterValue: "x" }] }),
    "ValidationError",
  );
  await expect(update({ Regions: ["eu-west-3"] })).rejects.toMatchObject({ name: "StackInstanceNotFoundException" });
});
