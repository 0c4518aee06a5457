import { expect, test } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { PUBLIC, signed, signedWith, startAws } from "./function-url-aws.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

const FunctionName = "function-url-echo";
const FunctionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FunctionName}`;

test("an address is created, read, listed, changed and deleted through the SDK", async () => {
  const aws = await startAws();
  aws.deploy("function-url.echo");
  const client = aws.client(ACCOUNT);

  const created = await client.createFunctionUrlConfig({ FunctionName, AuthType: "NONE" });
  await aws.clock.runUntil(aws.clock.now() + 60_000);
  const updated = await client.updateFunctionUrlConfig({
    FunctionName,
    AuthType: "AWS_IAM",
    Cors: { AllowOrigins: ["https://a.example"] },
  });
  const read = await client.getFunctionUrlConfig({ FunctionName });
  const { FunctionUrlConfigs } = await client.listFunctionUrlConfigs({ FunctionName });
  await client.deleteFunctionUrlConfig({ FunctionName });
  const left = await client.listFunctionUrlConfigs({ FunctionName });

  expect(created).toMatchObject({
    FunctionUrl: expect.stringMatching(new RegExp(`^${aws.server.url}/_url/[a-z0-9]{32}/$`)),
    FunctionArn,
    AuthType: "NONE",
    CreationTime: "2026-04-01T08:00:00.000Z",
    InvokeMode: "BUFFERED",
  });
  expect(read).toMatchObject({
    FunctionUrl: created.FunctionUrl,
    AuthType: "AWS_IAM",
    Cors: { AllowOrigins: ["https://a.example"] },
    CreationTime: "2026-04-01T08:00:00.000Z",
    LastModifiedTime: "2026-04-01T08:01:00.000Z",
  });
  expect(updated.FunctionUrl).toBe(created.FunctionUrl);
  expect(FunctionUrlConfigs).toHaveLength(1);
  expect(left.FunctionUrlConfigs).toEqual([]);
  expect((await fetch(created.FunctionUrl ?? "")).status).toBe(403);
});

test("without a server an address is as AWS writes it", async () => {
  const lambda = newLambda();
  lambda.deploy("function-url.echo");

  const made = await lambda.call<{ FunctionUrl: string }>("CreateFunctionUrlConfig", {
    FunctionName,
    AuthType: "NONE",
  });

  expect(made.FunctionUrl).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.eu-west-1\.on\.aws\/$/);
});

test("a second URL, a missing one, a stream and an unknown function are refused", async () => {
  const aws = await startAws();
  aws.deploy("function-url.echo");
  const client = aws.client(ACCOUNT);
  const create = { FunctionName, AuthType: "NONE" } as const;

  await expectRefusal(client.getFunctionUrlConfig({ FunctionName }), "ResourceNotFoundException");
  await expectRefusal(client.deleteFunctionUrlConfig({ FunctionName }), "ResourceNotFoundException");
  await expectRefusal(
    client.createFunctionUrlConfig({ ...create, InvokeMode: "RESPONSE_STREAM" }),
    "NotImplemented",
    containing("RESPONSE_STREAM"),
  );
  await expectRefusal(
    client.createFunctionUrlConfig({ ...create, AuthType: "OPEN" as "NONE" }),
    "ValidationException",
    containing("[AWS_IAM, NONE]"),
  );
  await expectRefusal(
    client.createFunctionUrlConfig({ ...create, FunctionName: "missing" }),
    "ResourceNotFoundException",
  );
  await client.createFunctionUrlConfig(create);
  await expectRefusal(
    client.createFunctionUrlConfig(create),
    "ResourceConflictException",
    containing("FunctionUrlConfig exists for this Lambda function"),
  );
});

test("a policy can allow only URLs with IAM authentication", async () => {
  const lambda = await startAws();
  lambda.deploy("function-url.echo");
  const keys = await lambda.keysOf(ACCOUNT, "maker", [
    {
      Effect: "Allow",
      Action: ["lambda:CreateFunctionUrlConfig", "lambda:GetFunctionUrlConfig"],
      Resource: FunctionArn,
      Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } },
    },
  ]);
  const create = (AuthType: string) =>
    fetch(`${lambda.server.url}/2021-10-31/functions/${FunctionName}/url`, {
      method: "POST",
      headers: { ...signedWith(keys), "content-type": "application/json" },
      body: JSON.stringify({ AuthType }),
    });

  expect((await create("NONE")).status).toBe(403);
  expect((await create("AWS_IAM")).status).toBe(201);
  const read = await fetch(`${lambda.server.url}/2021-10-31/functions/${FunctionName}/url`, {
    headers: signedWith(keys),
  });
  expect(await read.json()).toMatchObject({ AuthType: "AWS_IAM" });
});

test("the policy has the two permissions of a function URL as AWS writes them", async () => {
  const aws = await startAws();
  aws.deploy("function-url.echo");
  const client = aws.client(ACCOUNT);

  for (const one of PUBLIC) await client.addPermission({ FunctionName, ...one });
  const { Policy } = await client.getPolicy({ FunctionName });

  expect(JSON.parse(Policy ?? "").Statement).toEqual([
    {
      Sid: "url",
      Effect: "Allow",
      Principal: "*",
      Action: "lambda:InvokeFunctionUrl",
      Resource: FunctionArn,
      Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
    },
    {
      Sid: "function",
      Effect: "Allow",
      Principal: "*",
      Action: "lambda:InvokeFunction",
      Resource: FunctionArn,
      Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
    },
  ]);
});

test.each([
  [{ Action: "lambda:InvokeFunction", FunctionUrlAuthType: "NONE" } as const, "FunctionUrlAuthType is only supported"],
  [
    { Action: "lambda:InvokeFunctionUrl", InvokedViaFunctionUrl: true } as const,
    "InvokedViaFunctionUrl is only supported",
  ],
])("a condition is refused where its action does not know it: %o", async (permission, message) => {
  const aws = await startAws();
  aws.deploy("function-url.echo");

  const adding = aws.client(ACCOUNT).addPermission({ FunctionName, Principal: "*", StatementId: "s", ...permission });

  await expectRefusal(adding, "InvalidParameterValueException", containing(message));
});

test("deleting a function ends its address", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  const before = await fetch(url);

  await aws.call("DeleteFunction", { FunctionName });
  const after = await fetch(url, { headers: signed(ACCOUNT) });

  expect([before.status, after.status]).toEqual([200, 403]);
});
