import { expect, test } from "vitest";
import { FACTORY, MANAGEMENT, ORGANIZATION, PRODUCTION, REGION, SANDBOX } from "../ec2/an-aws.ts";
import { cloudformationAws } from "./cloudformation-aws.ts";

/** A stack of these resources: made, brought to others, deleted. */
function stackOf(account = FACTORY) {
  const world = cloudformationAws();
  const client = world.cloudformation(account);
  return {
    ...world,
    make: async (resources: object) => {
      await world.create(JSON.stringify({ Resources: resources }), {}, account);
      return (await world.describe("stack", account))?.StackStatus;
    },
    update: async (resources: object) => {
      const TemplateBody = JSON.stringify({ Resources: resources });
      await client.updateStack({ StackName: "stack", TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM"] });
      await world.pass(120);
      return (await world.describe("stack", account))?.StackStatus;
    },
    remove: async () => {
      await client.deleteStack({ StackName: "stack" });
      await world.pass(120);
    },
    /** Physical ids by logical id, as the events say. */
    ids: async () => {
      const events = await world.events("stack", account);
      return Object.fromEntries(events.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]));
    },
    by: <Output>(service: string, operation: string, input: object = {}) =>
      world.call<Output>(account, service, operation, input),
  };
}

const policy = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const allow = (Action: string) => policy({ Effect: "Allow", Action, Resource: "*" });
const trust = (account: string) => policy({ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" });

test("A role's trust and policies follow the template; a new name makes a new role", async () => {
  const { make, update, remove, by } = stackOf();
  const role = (RoleName: string, account: string, policies: readonly string[]) => ({
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName,
        AssumeRolePolicyDocument: trust(account),
        Policies: policies.map((PolicyName) => ({ PolicyName, PolicyDocument: allow("s3:GetObject") })),
      },
    },
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: { PolicyName: "own", PolicyDocument: allow("ec2:DescribeImages"), Roles: [{ Ref: "Role" }] },
    },
  });
  const seen = async (RoleName: string) => {
    const { Role } = await by<{ Role: { AssumeRolePolicyDocument: string } }>("iam", "GetRole", { RoleName });
    const { PolicyNames } = await by<{ PolicyNames: string[] }>("iam", "ListRolePolicies", { RoleName });
    return [JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement[0].Principal.AWS, PolicyNames];
  };

  const made = [await make(role("r", FACTORY, ["a", "b"])), await seen("r")];
  const changed = [await update(role("r", PRODUCTION, ["b", "c"])), await seen("r")];
  const renamed = [await update(role("new", PRODUCTION, ["b"])), await seen("new")];
  await expect(by("iam", "GetRole", { RoleName: "r" })).rejects.toMatchObject({ code: "NoSuchEntity" });
  await remove();

  expect(made).toEqual(["CREATE_COMPLETE", [FACTORY, ["a", "b", "own"]]]);
  expect(changed).toEqual(["UPDATE_COMPLETE", [PRODUCTION, ["b", "c", "own"]]]);
  expect(renamed).toEqual(["UPDATE_COMPLETE", [PRODUCTION, ["b", "own"]]]);
  await expect(by("iam", "GetRole", { RoleName: "new" })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("A managed policy is updated in place, and deleted when no role has it", async () => {
  const { make, update, remove, by, ids } = stackOf();
  const resources = (action: string) => ({
    Policy: { Type: "AWS::IAM::ManagedPolicy", Properties: { ManagedPolicyName: "p", PolicyDocument: allow(action) } },
  });

  await make(resources("s3:GetObject"));
  const status = await update(resources("s3:PutObject"));
  const { Policy: PolicyArn } = await ids();
  const { PolicyVersion } = await by<{ PolicyVersion: { Document: string } }>("iam", "GetPolicyVersion", {
    PolicyArn,
    VersionId: "v2",
  });
  await remove();

  expect([status, PolicyArn]).toEqual(["UPDATE_COMPLETE", `arn:aws:iam::${FACTORY}:policy/p`]);
  expect(decodeURIComponent(PolicyVersion.Document)).toContain("s3:PutObject");
  await expect(by("iam", "GetPolicy", { PolicyArn })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("A rule has its targets, loses those that go, and is deleted with them", async () => {
  const { make, update, remove, by } = stackOf();
  await by("sqs", "CreateQueue", { QueueName: "q" });
  const rule = (...ids: string[]) => ({
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: "joined",
        EventPattern: { source: ["aws.organizations"] },
        Targets: ids.map((Id) => ({ Id, Arn: `arn:aws:sqs:${REGION}:${FACTORY}:q` })),
      },
    },
  });
  const targets = async () =>
    (await by<{ Targets: { Id: string }[] }>("events", "ListTargetsByRule", { Rule: "joined" })).Targets.map(
      ({ Id }) => Id,
    );

  const made = [await make(rule("a", "b")), await targets()];
  const changed = [await update(rule("b", "c")), await targets()];
  await remove();

  expect(made).toEqual(["CREATE_COMPLETE", ["a", "b"]]);
  expect(changed).toEqual(["UPDATE_COMPLETE", ["b", "c"]]);
  await expect(targets()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});

test("A parameter is shared with the template's principals, and no longer with previous ones", async () => {
  const { make, update, remove, ram, call } = stackOf();
  await ram(MANAGEMENT).enableSharingWithAwsOrganization({});
  const share = (Principals: string[]) => ({
    Parameter: {
      Type: "AWS::SSM::Parameter",
      Properties: { Name: "/amint/stable", Type: "String", Value: "ami-1", Tier: "Advanced" },
    },
    Share: {
      Type: "AWS::RAM::ResourceShare",
      Properties: {
        Name: "stable",
        AllowExternalPrincipals: false,
        Principals,
        ResourceArns: [
          {
            "Fn::Sub":
              "arn:$" + "{AWS::Partition}:ssm:$" + "{AWS::Region}:$" + "{AWS::AccountId}:parameter$" + "{Parameter}",
          },
        ],
      },
    },
  });
  const read = (account: string) =>
    call<{ Parameter: { Value: string } }>(account, "ssm", "GetParameter", {
      Name: `arn:aws:ssm:${REGION}:${FACTORY}:parameter/amint/stable`,
    }).then(
      ({ Parameter }) => Parameter.Value,
      ({ code }: { code: string }) => code,
    );

  const made = [await make(share([ORGANIZATION])), await read(SANDBOX)];
  const changed = [await update(share([PRODUCTION])), await read(SANDBOX), await read(PRODUCTION)];
  await remove();

  expect(made).toEqual(["CREATE_COMPLETE", "ami-1"]);
  expect(changed).toEqual(["UPDATE_COMPLETE", "AccessDeniedException", "ami-1"]);
  expect(await read(PRODUCTION)).toBe("AccessDeniedException");
});

test("A key turns, has its alias, and waits for its deletion", async () => {
  const { make, update, remove, by } = stackOf();
  const KeyPolicy = policy({ Effect: "Allow", Principal: { AWS: FACTORY }, Action: "kms:*", Resource: "*" });
  const key = (EnableKeyRotation: boolean, Description: string) => ({
    Key: { Type: "AWS::KMS::Key", Properties: { KeyPolicy, EnableKeyRotation, Description } },
    Alias: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/amint", TargetKeyId: { Ref: "Key" } } },
  });
  const described = () =>
    by<{ KeyMetadata: { KeyId: string; Description: string } }>("kms", "DescribeKey", { KeyId: "alias/amint" });

  const made = await make(key(true, "one"));
  const { KeyMetadata } = await described();
  const { KeyId } = KeyMetadata;
  const rotates = await by("kms", "GetKeyRotationStatus", { KeyId });
  const updated = await update(key(false, "two"));
  const after = await described();
  await remove();

  expect([made, updated]).toEqual(["CREATE_COMPLETE", "UPDATE_COMPLETE"]);
  expect(rotates).toMatchObject({ KeyRotationEnabled: true });
  expect(after.KeyMetadata).toMatchObject({ KeyId, Description: "two" });
  expect(await by("kms", "DescribeKey", { KeyId })).toMatchObject({ KeyMetadata: { KeyState: "PendingDeletion" } });
});

test("The management account's stack delegates reading of the organization, and attaches a policy", async () => {
  const { make, remove, by, call } = stackOf(MANAGEMENT);
  await by("organizations", "EnablePolicyType", { RootId: "r-abcd", PolicyType: "SERVICE_CONTROL_POLICY" }).catch(
    ({ code }: { code: string }) => expect(code).toBe("PolicyTypeAlreadyEnabledException"),
  );
  const Content = policy({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
    Action: ["organizations:ListAccounts", "organizations:ListRoots"],
    Resource: "*",
  });
  const deny = policy({ Effect: "Deny", Action: "ssm:PutParameter", Resource: "*" });

  const made = await make({
    Read: { Type: "AWS::Organizations::ResourcePolicy", Properties: { Content } },
    Deny: {
      Type: "AWS::Organizations::Policy",
      Properties: { Name: "deny", Type: "SERVICE_CONTROL_POLICY", Content: deny, TargetIds: [SANDBOX] },
    },
  });
  const listed = await call<{ Accounts: object[] }>(FACTORY, "organizations", "ListAccounts");
  const { Policies } = await by<{ Policies: { Name: string }[] }>("organizations", "ListPoliciesForTarget", {
    TargetId: SANDBOX,
    Filter: "SERVICE_CONTROL_POLICY",
  });
  await remove();

  expect(made).toBe("CREATE_COMPLETE");
  expect(listed.Accounts.length).toBe(4);
  expect(Policies.map(({ Name }) => Name)).toContain("deny");
  await expect(call(FACTORY, "organizations", "ListAccounts")).rejects.toMatchObject({ code: "AccessDeniedException" });
});
