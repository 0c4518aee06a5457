import { IAM } from "@aws-sdk/client-iam";
import { expect, onTestFinished, test } from "vitest";
import { onDenied } from "../../src/authorization/denial.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { assertAssumable, givingRole } from "../../src/services/iam/assert-assumable.ts";
import { startAws } from "../../src/start-aws.ts";
import { policy, trust } from "../policy.ts";
import { ask, FACTORY, iamCall, newAws, ROLE, withRole } from "./authorize-as.ts";

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

test("a service gets a role only if the role trusts it", async () => {
  const aws = await withRole();

  expect(() => assertAssumable(aws, ROLE, "lambda.amazonaws.com")).not.toThrow();
  expect(() => assertAssumable(aws, ROLE, "states.amazonaws.com")).toThrow("authorized to assume the provided role");
  expect(() => assertAssumable(newAws(), ROLE, "lambda.amazonaws.com")).toThrow("cannot be assumed by Lambda");
});

const OWNER = accountPrincipal(FACTORY);

test.each<[service: string, refusal: string]>([
  ["scheduler.amazonaws.com", "must allow AWS EventBridge Scheduler to assume the role"],
  ["states.amazonaws.com", "Neither the global service principal states.amazonaws.com"],
  ["events.amazonaws.com", "cannot be assumed by principal 'events.amazonaws.com'"],
  ["imagebuilder.amazonaws.com", "cannot be assumed by EC2 Image Builder"],
])("a role that does not trust %s is refused in that service's words", async (service, refusal) => {
  const aws = await withRole();

  const [pass, trust] = givingRole(aws, ROLE, service);

  expect(pass && ask(aws, { action: "", ...pass }, OWNER)).toBe("granted");
  expect(trust && ask(aws, { action: "", ...trust }, OWNER)).toContain(refusal);
});

test("a role that trusts the service is accepted, and one that does not exist is refused", async () => {
  const aws = await withRole();

  const [, trusted] = givingRole(aws, ROLE, "lambda.amazonaws.com");
  const [, absent] = givingRole(aws, `${ROLE}-2`, "lambda.amazonaws.com");

  expect(trusted && ask(aws, { action: "", ...trusted }, OWNER)).toBe("granted");
  expect(absent && ask(aws, { action: "", ...absent }, OWNER)).toContain("cannot be assumed by Lambda");
});

test("listeners get each denial with role, action and resource", async () => {
  const aws = await withRole();
  const told: string[] = [];
  onDenied(aws, ({ principal, action, resource }) => told.push(`${principal.arn} ${action} ${resource}`));

  ask(aws, { action: "ssm:GetParameter" });

  expect(told).toEqual([`arn:aws:sts::${FACTORY}:assumed-role/worker/session ssm:GetParameter *`]);
});

const organization = { management: { id: "111122223333", name: "management" } };

async function openIam() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1));
  const { url, close } = await startAws({ clock, organization, port: 0 });
  onTestFinished(close);
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "test" };
  return new IAM({ region: "us-east-1", endpoint: url, credentials, maxAttempts: 1 });
}

test("Auto Scaling's role is made once in an account, and a second time is refused as IAM refuses it", async () => {
  const iam = await openIam();
  const make = () => iam.createServiceLinkedRole({ AWSServiceName: "autoscaling.amazonaws.com" });

  const { Role } = await make();
  const again = await make().catch((error: Error) => error);

  const found = await iam.getRole({ RoleName: "AWSServiceRoleForAutoScaling" });
  expect(Role?.Arn).toBe(
    "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
  );
  expect(found.Role?.Arn).toBe(Role?.Arn);
  expect(again).toMatchObject({
    name: "InvalidInputException",
    message: expect.stringContaining("has been taken in this account"),
  });
});

test("roles of services that are not built here are refused, saying so", async () => {
  const iam = await openIam();

  await expect(iam.createServiceLinkedRole({ AWSServiceName: "elasticache.amazonaws.com" })).rejects.toThrow(
    "elasticache.amazonaws.com is not built in the embedded AWS",
  );
});
