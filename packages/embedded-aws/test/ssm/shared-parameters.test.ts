import { GetParameterHistoryCommand } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { addVersion } from "../../src/services/ssm/add-version.ts";
import { readParameterAs } from "../../src/services/ssm/read-parameters.ts";
import { FACTORY, MANAGEMENT, ORGANIZATION, PRODUCTION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { policy } from "../policy.ts";
import { sharingAws } from "../ram/sharing-aws.ts";

const ARN = `arn:aws:ssm:${REGION}:${FACTORY}:parameter/amint/stable`;

async function shared({ permission = "AWSRAMDefaultPermissionSSMParameterReadOnly", secret = false } = {}) {
  const world = sharingAws();
  await world.ram(MANAGEMENT).enableSharingWithAwsOrganization({});
  const key = secret ? await keyOfOrganization(world) : undefined;
  const put = { Name: "/amint/stable", Value: "ami-1", Tier: "Advanced" };
  await world.call(FACTORY, "ssm", "PutParameter", {
    ...put,
    ...(key ? { Type: "SecureString", KeyId: key } : { Type: "String" }),
  });
  await world.ram().createResourceShare({
    name: "stable",
    resourceArns: [ARN],
    principals: [ORGANIZATION],
    permissionArns: [`arn:aws:ram::aws:permission/${permission}`],
  });
  await world.pass(10);
  return world;
}

async function keyOfOrganization({ call }: ReturnType<typeof sharingAws>): Promise<string> {
  const { KeyMetadata } = await call<{ KeyMetadata: { KeyId: string } }>(FACTORY, "kms", "CreateKey", {
    Policy: policy(
      { Effect: "Allow", Principal: { AWS: FACTORY }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { AWS: PRODUCTION }, Action: "kms:Decrypt", Resource: "*" },
    ),
  });
  return KeyMetadata.KeyId;
}

test("A consumer reads by ARN, in any version, and only with its own right to", async () => {
  const { ssm, role, call } = await shared();
  await call(FACTORY, "ssm", "PutParameter", { Name: "/amint/stable", Value: "ami-2", Overwrite: true });

  const { Parameters } = await ssm(PRODUCTION).getParameters({ Names: [ARN, `${ARN}:1`] });
  const byName = await ssm(PRODUCTION).getParameters({ Names: ["/amint/stable"] });
  const allowed = await role(PRODUCTION, "ssm:GetParameter");
  const without = await role(PRODUCTION, "ssm:DescribeParameters");

  expect(Parameters?.map(({ Value }) => Value)).toEqual(["ami-2", "ami-1"]);
  expect(byName.InvalidParameters).toEqual(["/amint/stable"]);
  await expect(allowed("ssm", "GetParameter", { Name: ARN })).resolves.toMatchObject({ Parameter: { ARN } });
  await expectRefusal(
    without("ssm", "GetParameter", { Name: ARN }),
    "AccessDeniedException",
    expect.stringMatching(/ssm:GetParameter on resource: .* no identity-based policy allows/),
  );
});

test("Who no share reaches is denied by the resource's side", async () => {
  const { ssm } = await shared();

  await expectRefusal(
    ssm(STRANGER).getParameters({ Names: [ARN] }),
    "AccessDeniedException",
    containing("no resource-based policy allows the ssm:GetParameters action"),
  );
});

test("History requires the wider permission, and only the owner writes", async () => {
  const narrow = await shared();
  const wide = await shared({ permission: "AWSRAMPermissionSSMParameterReadOnlyWithHistory" });
  const history = new GetParameterHistoryCommand({ Name: ARN });

  const seen = await wide.ssm(PRODUCTION).send(history);
  const write = (account: string) => narrow.ssm(account).putParameter({ Name: ARN, Value: "v", Overwrite: true });

  expect(seen.Parameters).toMatchObject([{ Value: "ami-1" }]);
  await expectRefusal(narrow.ssm(PRODUCTION).send(history), "AccessDeniedException");
  await expectRefusal(write(PRODUCTION), "AccessDeniedException");
  await expectRefusal(write(FACTORY), "ValidationException");
});

test("Shared parameters are listed when asked for, and the own ones when not", async () => {
  const { ssm } = await shared();

  const given = await ssm(PRODUCTION).describeParameters({ Shared: true });
  const own = await ssm(PRODUCTION).describeParameters({});
  const none = await ssm(STRANGER).describeParameters({ Shared: true });

  expect(given.Parameters).toMatchObject([{ ARN, Tier: "Advanced" }]);
  expect(own.Parameters).toEqual([]);
  expect(none.Parameters).toEqual([]);
});

test("A SecureString takes its key as well, which its owner shares for itself", async () => {
  const { ssm } = await shared({ secret: true });
  const read = (account: string) => ssm(account).getParameters({ Names: [ARN], WithDecryption: true });

  expect((await read(PRODUCTION)).Parameters).toMatchObject([{ Value: "ami-1" }]);
  await expectRefusal(read(MANAGEMENT), "AccessDeniedException", containing("kms:Decrypt"));
});

test("A service reads for its caller with the caller's rights", async () => {
  const { aws } = await shared();
  const as = (account: string) => ({ principal: accountPrincipal(account), region: REGION });

  const read = await readParameterAs(aws, as(PRODUCTION), ARN);

  expect(read).toEqual({ value: "ami-1", dataType: "text", type: "String" });
  await expectRefusal(readParameterAs(aws, as(STRANGER), ARN), "AccessDeniedException");
  await expectRefusal(readParameterAs(aws, as(PRODUCTION), "/none"), "ParameterNotFound");
});

test("Intelligent tiering keeps a parameter advanced, and what is not built is said", async () => {
  const { ssm } = await shared();
  const put = (input: object) => ssm().putParameter({ Name: "/amint/stable", Value: "v", Overwrite: true, ...input });

  const kept = await put({ Tier: "Intelligent-Tiering" });

  expect(kept.Tier).toBe("Advanced");
  await expectRefusal(put({ Policies: "[]" }), "NotImplemented");
});

test("A tier has a maximum number of parameters; intelligent tiering continues in the next one", async () => {
  const { aws, ssm } = await shared();
  const version = {
    value: "v",
    type: "String" as const,
    dataType: "text",
    tier: "Standard" as const,
    description: undefined,
    allowedPattern: undefined,
    keyId: undefined,
    modifiedBy: "test",
  };
  for (let n = 0; n < 10_000; n++) addVersion(aws, { account: FACTORY, region: REGION }, `/many/${n}`, version);
  const put = (Name: string, Tier: "Standard" | "Intelligent-Tiering") =>
    ssm().putParameter({ Name, Value: "v", Type: "String", Tier });

  const clever = await put("/clever", "Intelligent-Tiering");

  expect(clever.Tier).toBe("Advanced");
  await expectRefusal(put("/one-more", "Standard"), "ParameterLimitExceeded");
  await expect(ssm().putParameter({ Name: "/many/0", Value: "w", Overwrite: true })).resolves.toMatchObject({
    Tier: "Standard",
  });
});
