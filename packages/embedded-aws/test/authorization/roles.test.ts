import { IAM } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { assertAssumable } from "../../src/services/iam/assert-assumable.ts";
import { FACTORY, iamCall, newAws, policy, ROLE, trust, withRole } from "./authorize-as.ts";

test("a role reads back through the SDK, its trust policy URL-encoded", async () => {
  const aws = await withRole();
  const credentials = { accessKeyId: FACTORY, secretAccessKey: "secret" };
  const client = new IAM({ region: "eu-west-1", credentials, requestHandler: inProcessHandler(aws) });

  const { Role } = await client.getRole({ RoleName: "worker" });

  expect(Role).toMatchObject({ Arn: ROLE, CreateDate: new Date(aws.clock.now()), MaxSessionDuration: 3600 });
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust({ Service: "lambda.amazonaws.com" }));
});

test.each<[what: string, operation: string, input: object, code: string]>([
  [
    "a second role of one name",
    "CreateRole",
    { RoleName: "worker", AssumeRolePolicyDocument: trust("*") },
    "EntityAlreadyExists",
  ],
  [
    "a trust policy without principals",
    "CreateRole",
    { RoleName: "x", AssumeRolePolicyDocument: policy({ Effect: "Allow", Action: "sts:AssumeRole" }) },
    "MalformedPolicyDocument",
  ],
  [
    "a role policy with principals",
    "PutRolePolicy",
    {
      RoleName: "worker",
      PolicyName: "p",
      PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*", Principal: "*" }),
    },
    "MalformedPolicyDocument",
  ],
  [
    "a role policy that is not JSON",
    "PutRolePolicy",
    { RoleName: "worker", PolicyName: "p", PolicyDocument: "{" },
    "MalformedPolicyDocument",
  ],
  [
    "an unknown managed policy",
    "AttachRolePolicy",
    { RoleName: "worker", PolicyArn: "arn:aws:iam::aws:policy/AmazonUnheardOf" },
    "NoSuchEntity",
  ],
  ["an unknown role", "GetRole", { RoleName: "missing" }, "NoSuchEntity"],
])("%s is refused", async (_, operation, input, code) => {
  const aws = await withRole();

  await expect(iamCall(aws, operation, input)).rejects.toMatchObject({ code });
});

test("an instance profile holds one role, which then cannot be deleted", async () => {
  const aws = await withRole();
  await iamCall(aws, "CreateInstanceProfile", { InstanceProfileName: "builders" });
  const both = { InstanceProfileName: "builders", RoleName: "worker" };
  await iamCall(aws, "AddRoleToInstanceProfile", both);

  await expect(iamCall(aws, "AddRoleToInstanceProfile", both)).rejects.toMatchObject({ code: "LimitExceeded" });
  await expect(iamCall(aws, "DeleteRole", { RoleName: "worker" })).rejects.toMatchObject({ code: "DeleteConflict" });
});

test("a service gets a role only if the role trusts it", async () => {
  const aws = await withRole();

  expect(() => assertAssumable(aws, ROLE, "lambda.amazonaws.com")).not.toThrow();
  expect(() => assertAssumable(aws, ROLE, "states.amazonaws.com")).toThrow("authorized to assume the provided role");
  expect(() => assertAssumable(newAws(), ROLE, "lambda.amazonaws.com")).toThrow("cannot be assumed by Lambda");
});
