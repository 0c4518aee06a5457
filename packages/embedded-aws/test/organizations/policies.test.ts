import { DescribeEffectivePolicyCommand, type Organizations, type PolicyType } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { effectivePolicy } from "../../src/services/organizations/effective-policy.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { allow, grant, makeRole, policy } from "../policy.ts";
import { anOrganization, FACTORY, MANAGEMENT, PRODUCTION, ROOT, WEB, WORKLOADS } from "./an-organization.ts";

const TYPE: PolicyType = "DECLARATIVE_POLICY_EC2";

async function create(client: Organizations, Name: string, Content: string, Type: PolicyType = TYPE) {
  const { Policy: made } = await client.createPolicy({ Name, Content, Type, Description: "" });
  return made?.PolicySummary?.Id ?? "";
}

const images = (settings: object) => JSON.stringify({ ec2_attributes: { allowed_images_settings: settings } });
const attach = (client: Organizations, PolicyId: string, TargetId: string) =>
  client.attachPolicy({ PolicyId, TargetId });

async function declaring() {
  const world = anOrganization();
  await world.management.enablePolicyType({ RootId: ROOT, PolicyType: TYPE });
  /** Makes and attaches. */
  const declare = async (name: string, target: string, settings: object) => {
    const id = await create(world.management, name, images(settings));
    await attach(world.management, id, target);
    return id;
  };
  const settingsOf = (account: string) => {
    const { ec2_attributes: attributes } = (effectivePolicy(world.aws, account, "DECLARATIVE_POLICY_EC2") ?? {}) as {
      ec2_attributes?: { allowed_images_settings: unknown };
    };
    return attributes?.allowed_images_settings;
  };
  return { ...world, declare, settingsOf };
}

test("a declarative policy bears on everything below its target, the management account included", async () => {
  const { declare, settingsOf, management } = await declaring();
  const { Roots: roots } = await management.listRoots({});

  await declare("root", ROOT, { state: { "@@assign": "audit_mode" } });
  await declare("workloads", WORKLOADS, { state: { "@@assign": "enabled" } });

  expect(roots?.[0]?.PolicyTypes?.map(({ Type }) => Type)).toEqual(["SERVICE_CONTROL_POLICY", TYPE]);
  expect(settingsOf(WEB)).toEqual({ state: "enabled" });
  expect(settingsOf(FACTORY)).toEqual({ state: "audit_mode" });
  expect(settingsOf(MANAGEMENT)).toEqual({ state: "audit_mode" });
  expect(settingsOf("555566667777")).toBeUndefined();
});

test("values are appended to and removed from what comes from above", async () => {
  const { declare, settingsOf } = await declaring();
  const providers = (value: object) => ({ image_criteria: { criteria_1: { allowed_image_providers: value } } });

  await declare("root", ROOT, providers({ "@@assign": ["amazon", "aws-marketplace"] }));
  await declare("workloads", WORKLOADS, providers({ "@@append": [FACTORY] }));
  await declare("production", PRODUCTION, providers({ "@@remove": ["aws-marketplace"] }));

  expect(settingsOf(WEB)).toEqual(providers(["amazon", FACTORY]));
  expect(settingsOf(FACTORY)).toEqual(providers(["amazon", "aws-marketplace"]));
});

test("a parent can forbid its children to change a value, but not its own siblings", async () => {
  const { declare, settingsOf } = await declaring();

  await declare("root", ROOT, {
    state: { "@@assign": "audit_mode", "@@operators_allowed_for_child_policies": ["@@none"] },
  });
  await declare("sibling", ROOT, { state: { "@@assign": "enabled" } });
  await declare("workloads", WORKLOADS, { state: { "@@assign": "disabled" } });

  expect(settingsOf(WEB)).toEqual({ state: "enabled" });
});

test("any account reads its own effective policy, and no other", async () => {
  const { declare, as, management } = await declaring();
  await declare("root", ROOT, { state: { "@@assign": "enabled" } });
  const asked = (TargetId?: string) => new DescribeEffectivePolicyCommand({ PolicyType: TYPE, TargetId });

  const own = await as(WEB).send(asked());
  const other = await management.send(asked(WEB));

  expect(JSON.parse(own.EffectivePolicy?.PolicyContent ?? "")).toEqual({
    ec2_attributes: { allowed_images_settings: { state: "enabled" } },
  });
  expect(other.EffectivePolicy).toMatchObject({ TargetId: WEB, PolicyType: TYPE });
  await expectRefusal(as(WEB).send(asked(FACTORY)), "AccessDeniedException");
});

test("a policy that is changed, detached or of a disabled type has its effect at once", async () => {
  const { declare, settingsOf, management } = await declaring();
  const id = await declare("root", ROOT, { state: { "@@assign": "audit_mode" } });

  await management.updatePolicy({ PolicyId: id, Content: images({ state: { "@@assign": "enabled" } }) });
  const changed = settingsOf(WEB);
  await management.detachPolicy({ PolicyId: id, TargetId: ROOT });
  const detached = settingsOf(WEB);
  await attach(management, id, WEB);
  const own = settingsOf(WEB);
  await expectRefusal(management.deletePolicy({ PolicyId: id }), "PolicyInUseException");
  await management.disablePolicyType({ RootId: ROOT, PolicyType: TYPE });

  expect([changed, detached, own, settingsOf(WEB)]).toEqual([
    { state: "enabled" },
    undefined,
    { state: "enabled" },
    undefined,
  ]);
  await expectRefusal(attach(management, id, ROOT), "PolicyTypeNotEnabledException");
});

test.each([
  ["is not JSON", TYPE, "{", "JSON"],
  ["sets what is not known", TYPE, JSON.stringify({ ec2_attributes: { instances: {} } }), "instances is not known"],
  ["has no operator", TYPE, images({ state: "enabled" }), "allowed_images_settings.state must be an object"],
  ["has a wrong operator", TYPE, images({ state: { "@@set": "enabled" } }), "@@set is not an operator"],
  [
    "names a principal",
    "SERVICE_CONTROL_POLICY",
    policy({ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }),
    "Principal",
  ],
] as const)("a policy that %s is refused, saying so", async (_, type, content, message) => {
  const { management } = anOrganization();

  const made = create(management, "wrong", content, type);

  await expectRefusal(made, "MalformedPolicyDocumentException", containing(message));
});

test("FullAWSAccess is attached to everything, the last policy of a target stays, and five are the most", async () => {
  const { management } = anOrganization();
  const full = "p-FullAWSAccess";
  const allow = policy({ Effect: "Allow", Action: "ec2:*", Resource: "*" });
  const detach = (PolicyId: string, TargetId: string) => management.detachPolicy({ PolicyId, TargetId });

  const { Targets: targets } = await management.listTargetsForPolicy({ PolicyId: full });
  await expect(detach(full, WEB)).rejects.toMatchObject({ Reason: "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED" });
  const ids: string[] = [];
  for (const n of [1, 2, 3, 4, 5]) ids.push(await create(management, `allow-${n}`, allow, "SERVICE_CONTROL_POLICY"));
  for (const id of ids.slice(0, 4)) await attach(management, id, WEB);
  const { Policies: attached } = await management.listPoliciesForTarget({
    TargetId: WEB,
    Filter: "SERVICE_CONTROL_POLICY",
  });

  expect(targets?.map(({ TargetId }) => TargetId)).toEqual([ROOT, WORKLOADS, PRODUCTION, MANAGEMENT, FACTORY, WEB]);
  expect(attached).toHaveLength(5);
  await expect(attach(management, ids[4] ?? "", WEB)).rejects.toMatchObject({
    Reason: "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
  });
  await expectRefusal(attach(management, ids[0] ?? "", WEB), "DuplicatePolicyAttachmentException");
  await expect(management.updatePolicy({ PolicyId: full, Name: "mine" })).rejects.toMatchObject({
    Reason: "IMMUTABLE_POLICY",
  });
});

test("an organization without all features has no policies", async () => {
  const { management } = anOrganization({ featureSet: "CONSOLIDATED_BILLING" });

  const enabled = management.enablePolicyType({ RootId: ROOT, PolicyType: TYPE });

  await expectRefusal(enabled, "PolicyTypeNotAvailableForOrganizationException");
});

async function controlled(target: string, ...statements: object[]) {
  const world = anOrganization();
  const { Policy: made } = await world.management.createPolicy({
    Name: "control",
    Description: "",
    Type: "SERVICE_CONTROL_POLICY",
    Content: policy(...statements),
  });
  await world.management.attachPolicy({ PolicyId: made?.PolicySummary?.Id, TargetId: target });
  const describes = (account: string) => world.call("ec2", "DescribeVpcs", {}, account);
  return { ...world, describes };
}

const DENY = { Effect: "Deny", Action: "ec2:DescribeVpcs", Resource: "*" };

test("a deny at the root binds every member account's root user, and not the management account", async () => {
  const { describes } = await controlled(ROOT, DENY);

  await expectRefusal(
    describes(WEB),
    "UnauthorizedOperation",
    containing("with an explicit deny in a service control policy"),
  );
  await expect(describes(FACTORY)).rejects.toMatchObject({ code: "UnauthorizedOperation" });
  await expect(describes(MANAGEMENT)).resolves.toBeDefined();
  await expect(describes("555566667777")).resolves.toBeDefined();
});

test("a deny at an OU applies to the accounts below it, at any depth", async () => {
  const { describes } = await controlled(WORKLOADS, DENY);

  await expect(describes(WEB)).rejects.toMatchObject({ code: "UnauthorizedOperation" });
  await expect(describes(FACTORY)).resolves.toBeDefined();
});

test("every level must allow: without FullAWSAccess at an OU only what its other policies allow is left", async () => {
  const { describes, management, call } = await controlled(PRODUCTION, allow("ec2:*"));

  await management.detachPolicy({ PolicyId: "p-FullAWSAccess", TargetId: PRODUCTION });

  await expect(describes(WEB)).resolves.toBeDefined();
  await expect(call("ssm", "GetParameters", { Names: ["/a"] }, WEB)).rejects.toMatchObject({
    code: "AccessDeniedException",
    message: expect.stringContaining("because no service control policy allows the ssm:GetParameters action"),
  });
});

test("a service control policy grants nothing, and its conditions are those of the request", async () => {
  const { aws } = await controlled(ROOT, {
    ...DENY,
    Condition: { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
  });
  const principal = await makeRole(aws, WEB, "worker", { AWS: WEB });
  const describe = (region: string) => aws.call("ec2", "DescribeVpcs", {}, { principal, region });

  await expect(describe("eu-west-1")).rejects.toMatchObject({
    message: expect.stringContaining("no identity-based policy allows"),
  });
  await grant(aws, WEB, "worker", allow("ec2:*"));

  await expect(describe("eu-west-1")).resolves.toBeDefined();
  await expect(describe("eu-central-1")).rejects.toMatchObject({
    message: expect.stringContaining("explicit deny in a service control policy"),
  });
});
