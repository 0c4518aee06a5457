import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";

const ACCOUNT = "111122223333";
const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:role/deployer`;
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const everything = { Effect: "Allow", Action: "*", Resource: "*" };

/** IAM's simulation of actions for a role with these statements. */
async function simulated(statements: object[], input: object, boundary?: object[]) {
  const aws = createAws({ clock: new VirtualClock(0) });
  const iam = <Output>(operation: string, asked: object) =>
    aws.call<Output>("iam", operation, asked, { principal: accountPrincipal(ACCOUNT), region: "us-east-1" });
  const trusted = { Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" };
  await iam("CreateRole", { RoleName: "deployer", AssumeRolePolicyDocument: policy(trusted) });
  await iam("PutRolePolicy", { RoleName: "deployer", PolicyName: "own", PolicyDocument: policy(...statements) });
  if (boundary) {
    await iam("CreatePolicy", { PolicyName: "bound", PolicyDocument: policy(...boundary) });
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/bound`;
    await iam("PutRolePermissionsBoundary", { RoleName: "deployer", PermissionsBoundary });
  }
  const { EvaluationResults } = await iam<{ EvaluationResults: object[] }>("SimulatePrincipalPolicy", {
    PolicySourceArn,
    ActionNames: ["s3:PutObject"],
    ...input,
  });
  return EvaluationResults;
}

test("a simulation tells allowed, implicitly and explicitly denied apart, resource by resource", async () => {
  const own = { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::own/*" };
  const never = { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::own/never" };
  const ResourceArns = ["arn:aws:s3:::own/a", "arn:aws:s3:::other/a", "arn:aws:s3:::own/never"];

  expect(await simulated([own, never], { ResourceArns })).toMatchObject([
    { EvalResourceName: ResourceArns[0], EvalDecision: "allowed" },
    { EvalResourceName: ResourceArns[1], EvalDecision: "implicitDeny" },
    { EvalResourceName: ResourceArns[2], EvalDecision: "explicitDeny" },
  ]);
});

test("a simulation names the condition keys whose values it lacks, and counts those that it is given", async () => {
  const tagged = { ...everything, Condition: { StringEquals: { "aws:RequestTag/team": "images" } } };
  const given = { ContextKeyName: "aws:RequestTag/team", ContextKeyValues: ["images"], ContextKeyType: "string" };

  expect(await simulated([tagged], {})).toMatchObject([
    { EvalDecision: "implicitDeny", MissingContextValues: ["aws:RequestTag/team"] },
  ]);
  expect(await simulated([tagged], { ContextEntries: [given] })).toMatchObject([
    { EvalDecision: "allowed", MissingContextValues: [] },
  ]);
});

test("a simulation stays within the role's permissions boundary, and says so", async () => {
  const reads = { Effect: "Allow", Action: "s3:Get*", Resource: "*" };

  expect(await simulated([everything], {}, [reads])).toMatchObject([
    { EvalDecision: "implicitDeny", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ]);
});
