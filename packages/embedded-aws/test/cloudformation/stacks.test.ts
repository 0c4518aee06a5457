import { expect, test } from "vitest";
import { FACTORY, PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { cloudformationAws } from "./cloudformation-aws.ts";

const parameter = (value: string, more = "") => `Resources:
  Parameter:
    Type: AWS::SSM::Parameter
    Properties: { Name: /stack/p, Type: String, Value: ${value} }
${more}`;

const trust = (condition = "") => `{ Version: 2012-10-17, Statement: [{ Effect: Allow,
        Principal: { AWS: !Ref Factory }, Action: sts:AssumeRole${condition} }] }`;

const VERIFIER = `
Parameters: { Factory: { Type: String }, Organization: { Type: String, Default: o-exampleorg1 } }
Resources:
  Verifier:
    Type: AWS::IAM::Role
    Properties:
      RoleName: amint-verifier
      AssumeRolePolicyDocument: ${trust(`,
        Condition: { StringEquals: { sts:ExternalId: secret, aws:PrincipalOrgID: !Ref Organization } }`)}
      Policies:
        - PolicyName: read
          PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: ec2:DescribeImages, Resource: "*" }] }
Outputs:
  Arn: { Value: !GetAtt Verifier.Arn, Description: who verifies }
`;

test("A stack is created over time, with events for each resource, and has its template's outputs", async () => {
  const { cloudformation, describe, create, events } = cloudformationAws();

  const id = await create(parameter("one", "Outputs: { Value: { Value: !GetAtt Parameter.Value } }"), {
    Tags: [{ Key: "a", Value: "b" }],
  });
  const { TemplateBody } = await cloudformation().getTemplate({ StackName: "stack" });

  expect(id).toMatch(`arn:aws:cloudformation:${REGION}:${FACTORY}:stack/stack/`);
  expect(await describe("stack")).toMatchObject({
    StackStatus: "CREATE_COMPLETE",
    Outputs: [{ OutputKey: "Value", OutputValue: "one" }],
    Tags: [{ Key: "a", Value: "b" }],
  });
  expect((await events("stack")).map((one) => `${one.LogicalResourceId} ${one.ResourceStatus}`)).toEqual([
    "stack CREATE_IN_PROGRESS",
    "Parameter CREATE_IN_PROGRESS",
    "Parameter CREATE_IN_PROGRESS",
    "Parameter CREATE_COMPLETE",
    "stack CREATE_COMPLETE",
  ]);
  expect(TemplateBody).toContain("/stack/p");
});

test("A stack's role can be assumed only by the principals in its trust policy", async () => {
  const { create, describe, role, call } = cloudformationAws();
  await create(VERIFIER, { Parameters: [{ ParameterKey: "Factory", ParameterValue: FACTORY }] }, PRODUCTION);
  const RoleArn = (await describe("stack", PRODUCTION))?.Outputs?.[0]?.OutputValue;
  const caller = await role(FACTORY, "sts:AssumeRole");
  const assume = (ExternalId?: string) =>
    caller("sts", "AssumeRole", { RoleArn, RoleSessionName: "verify", ...(ExternalId && { ExternalId }) });

  await expect(assume("secret")).resolves.toMatchObject({ Credentials: expect.anything() });
  await expect(assume()).rejects.toMatchObject({ code: "AccessDenied" });
  await expect(assume("guess")).rejects.toMatchObject({ code: "AccessDenied" });
  const stranger = call("555566667777", "sts", "AssumeRole", { RoleArn, RoleSessionName: "verify" });
  await expect(stranger).rejects.toMatchObject({ code: "AccessDenied" });
});

test("A failed resource rolls back the others, and its event has the reason", async () => {
  const { create, describe, events, call } = cloudformationAws();
  const text = parameter(
    "one",
    "  Bucket:\n    Type: AWS::S3::Bucket\n    DependsOn: Parameter\n    Properties: { BucketName: b }\n",
  );

  await create(text);

  expect(await describe("stack")).toMatchObject({ StackStatus: "ROLLBACK_COMPLETE" });
  expect(await events("stack")).toContainEqual(
    expect.objectContaining({
      LogicalResourceId: "Bucket",
      ResourceStatus: "CREATE_FAILED",
      ResourceStatusReason: expect.stringContaining("AWS::S3::Bucket is not built in the embedded AWS"),
    }),
  );
  await expectRefusal(call(FACTORY, "ssm", "GetParameter", { Name: "/stack/p" }), "ParameterNotFound");
});

test("What the caller may not do, its stack may not; a property that is unknown or missing is named", async () => {
  const { role, pass, events, create } = cloudformationAws();
  const caller = await role(FACTORY, "cloudformation:*");

  await caller("cloudformation", "CreateStack", { StackName: "denied", TemplateBody: parameter("v") });
  await pass(60);
  await create("Resources: { P: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: v, Key: x } } }");
  const reasons = async (name: string) =>
    (await events(name)).flatMap(({ ResourceStatus, ResourceStatusReason }) =>
      ResourceStatus === "CREATE_FAILED" ? ResourceStatusReason : [],
    );

  expect(await reasons("denied")).toEqual([expect.stringMatching(/ssm:PutParameter.*HandlerErrorCode: AccessDenied/)]);
  expect(await reasons("stack")).toEqual([expect.stringContaining("extraneous key [Key] is not permitted")]);
});

test("An update changes resources in place or replaces them, and deletes removed ones", async () => {
  const { cloudformation, create, describe, pass, call, events } = cloudformationAws();
  const old = "  Old: { Type: AWS::SSM::Parameter, Properties: { Name: /old, Type: String, Value: v } }\n";
  await create(
    parameter("one", `${old}  Other: { Type: AWS::SSM::Parameter, Properties: { Name: /a, Type: String, Value: v } }`),
  );
  const update = async (TemplateBody: string) => {
    await cloudformation().updateStack({ StackName: "stack", TemplateBody });
    await pass(120);
  };
  const read = (Name: string) =>
    call<{ Parameter: { Value: string } }>(FACTORY, "ssm", "GetParameter", { Name }).then(
      ({ Parameter }) => Parameter.Value,
      ({ code }: { code: string }) => code,
    );
  const renamed = parameter(
    "two",
    "  Other: { Type: AWS::SSM::Parameter, Properties: { Name: /b, Type: String, Value: v } }",
  );

  await update(renamed);
  const after = await Promise.all(["/stack/p", "/old", "/a", "/b"].map(read));
  const again = cloudformation().updateStack({ StackName: "stack", TemplateBody: renamed });

  expect(await describe("stack")).toMatchObject({ StackStatus: "UPDATE_COMPLETE" });
  expect(after).toEqual(["two", "ParameterNotFound", "ParameterNotFound", "v"]);
  await expect(again).rejects.toMatchObject({ name: "ValidationError", message: "No updates are to be performed." });
  expect((await events("stack")).map(({ ResourceStatus }) => ResourceStatus)).toContain(
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
  );
});

test("A failed update restores the previous state", async () => {
  const { cloudformation, create, describe, pass, call } = cloudformationAws();
  await create(parameter("one"));
  const text = parameter(
    "two",
    "  Bad:\n    Type: AWS::SSM::Parameter\n    DependsOn: Parameter\n    Properties: { Name: aws/x, Type: String, Value: v }\n",
  );

  await cloudformation().updateStack({ StackName: "stack", TemplateBody: text });
  await pass(120);

  expect(await describe("stack")).toMatchObject({ StackStatus: "UPDATE_ROLLBACK_COMPLETE" });
  await expect(call(FACTORY, "ssm", "GetParameter", { Name: "/stack/p" })).resolves.toMatchObject({
    Parameter: { Value: "one" },
  });
});

test("A deleted stack deletes its resources, except retained ones", async () => {
  const { cloudformation, create, pass, call, events } = cloudformationAws();
  const kept =
    "  Kept:\n    Type: AWS::SSM::Parameter\n    DeletionPolicy: Retain\n    Properties: { Name: /kept, Type: String, Value: v }\n";
  const role = `  Role:\n    Type: AWS::IAM::Role\n    Properties: { RoleName: r, AssumeRolePolicyDocument: ${trust().replace("!Ref Factory", `"${FACTORY}"`)},
      ManagedPolicyArns: [!Ref Policy] }
  Policy: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Version: 2012-10-17, Statement: [] } } }\n`;
  const id = await create(parameter("one", kept + role));

  await cloudformation().deleteStack({ StackName: "stack" });
  await pass(120);

  await expectRefusal(
    cloudformation().describeStacks({ StackName: "stack" }),
    "ValidationError",
    "Stack with id stack does not exist",
  );
  expect((await events(id)).map((one) => `${one.LogicalResourceId} ${one.ResourceStatus}`)).toEqual(
    expect.arrayContaining([
      "Kept DELETE_SKIPPED",
      "Role DELETE_COMPLETE",
      "Policy DELETE_COMPLETE",
      "stack DELETE_COMPLETE",
    ]),
  );
  await expect(call(FACTORY, "ssm", "GetParameter", { Name: "/kept" })).resolves.toBeDefined();
  await expect(call(FACTORY, "iam", "GetRole", { RoleName: "r" })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test.each<[string, object, string, RegExp]>([
  [
    "without acknowledging IAM",
    { TemplateBody: VERIFIER },
    "InsufficientCapabilitiesException",
    /CAPABILITY_NAMED_IAM/,
  ],
  ["an unknown type", { TemplateBody: "Resources: { A: { Type: Role } }" }, "ValidationError", /Unrecognized/],
  ["a name with a space", { StackName: "a b" }, "ValidationError", /stackName/],
  [
    "a template in S3",
    { TemplateBody: undefined, TemplateURL: "https://b.s3.amazonaws.com/t" },
    "NotImplemented",
    /URL/,
  ],
  ["what is not built", { TimeoutInMinutes: 5 }, "NotImplemented", /TimeoutInMinutes/],
  [
    "a role that does not exist",
    { RoleARN: `arn:aws:iam::${FACTORY}:role/none` },
    "ValidationError",
    /none is invalid or cannot be assumed/,
  ],
])("Refused: %s", async (_, input, name, message) => {
  const { cloudformation } = cloudformationAws();
  const Parameters = [{ ParameterKey: "Factory", ParameterValue: FACTORY }];
  const given = "TemplateBody" in input && input.TemplateBody === VERIFIER ? { Parameters } : {};

  const sent = cloudformation().createStack({ StackName: "stack", TemplateBody: parameter("v"), ...given, ...input });

  await expect(sent).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

test("A name is unique, and a template's required capabilities can be read", async () => {
  const { cloudformation, create } = cloudformationAws();
  await create(parameter("one"));

  const twice = create(parameter("one"));
  const valid = await cloudformation().validateTemplate({ TemplateBody: VERIFIER });

  await expect(twice).rejects.toMatchObject({ name: "AlreadyExistsException" });
  expect(valid).toMatchObject({
    Parameters: [{ ParameterKey: "Factory", NoEcho: false }, { DefaultValue: "o-exampleorg1" }],
    Capabilities: ["CAPABILITY_NAMED_IAM"],
  });
});

test("A dynamic reference reads the own account's parameter, and never a shared one's ARN", async () => {
  const { create, call, describe, events } = cloudformationAws();
  await call(FACTORY, "ssm", "PutParameter", { Name: "/source", Value: "ami-1", Type: "String" });
  const arn = `arn:aws:ssm:${REGION}:${PRODUCTION}:parameter/shared`;

  await create(parameter('"{{resolve:ssm:/source}}"'));
  await create(parameter(`"{{resolve:ssm:${arn}}}"`).replace("/stack/p", "/other"), { StackName: "foreign" });

  await expect(call(FACTORY, "ssm", "GetParameter", { Name: "/stack/p" })).resolves.toMatchObject({
    Parameter: { Value: "ami-1" },
  });
  expect(await describe("foreign")).toMatchObject({ StackStatus: "ROLLBACK_COMPLETE" });
  expect((await events("foreign")).some((one) => one.ResourceStatusReason?.includes("SSM reference"))).toBe(true);
});
