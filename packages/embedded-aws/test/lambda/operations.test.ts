import type { AddPermissionResponse, GetPolicyResponse } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { accountPrincipal, servicePrincipal } from "../../src/engine/principal.ts";
import { expectRefusal, refusedStatus } from "../expect-refusal.ts";
import { ACCOUNT, eachLambda, REGION } from "./new-lambda.ts";

const lambda = eachLambda(policyAuthorizer);

const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/builds`;
const allowRule = {
  FunctionName: "echo-counting",
  StatementId: "from-rule",
  Action: "lambda:InvokeFunction",
  Principal: "events.amazonaws.com",
  SourceArn: RULE,
  SourceAccount: ACCOUNT,
};
const Invoke = { FunctionName: "echo-counting", Payload: Buffer.from("{}") };
const rule = (arn: string) => servicePrincipal("events.amazonaws.com", ACCOUNT, arn);

describe("a function's resource policy", () => {
  it("allows only the rule that it names, and no caller once it is removed", async () => {
    lambda.deploy("echo.counting");

    await expect(lambda.call("Invoke", Invoke, rule(RULE))).rejects.toThrow(/lambda:InvokeFunction/);
    await lambda.call("AddPermission", allowRule);
    expect(await lambda.call("Invoke", Invoke, rule(RULE))).toMatchObject({ StatusCode: 200 });
    await expect(lambda.call("Invoke", Invoke, rule(`${RULE}-other`))).rejects.toThrow(/lambda:InvokeFunction/);
    await lambda.call("RemovePermission", { FunctionName: "echo-counting", StatementId: "from-rule" });
    await expect(lambda.call("Invoke", Invoke, rule(RULE))).rejects.toThrow(/lambda:InvokeFunction/);
  });

  it("allows another account on request", async () => {
    const { arn } = lambda.deploy("echo.counting");
    const stranger = accountPrincipal("444455556666");

    await expect(lambda.call("Invoke", { FunctionName: arn }, stranger)).rejects.toThrow(/lambda:InvokeFunction/);
    await lambda.call("AddPermission", {
      FunctionName: "echo-counting",
      StatementId: "friend",
      Action: "lambda:InvokeFunction",
      Principal: "444455556666",
    });
    const answer = await lambda.call("Invoke", { FunctionName: arn }, stranger);

    expect(answer).toMatchObject({ StatusCode: 200, Payload: Buffer.from("1") });
  });

  it("reads back as AWS writes it, and keeps its statement ids apart", async () => {
    const { arn } = lambda.deploy("echo.counting");

    const { Statement } = await lambda.call<AddPermissionResponse>("AddPermission", allowRule);
    const { Policy } = await lambda.call<GetPolicyResponse>("GetPolicy", { FunctionName: "echo-counting" });

    const statement = {
      Sid: "from-rule",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arn,
      Condition: { StringEquals: { "AWS:SourceAccount": ACCOUNT }, ArnLike: { "AWS:SourceArn": RULE } },
    };
    expect(JSON.parse(Statement ?? "")).toEqual(statement);
    expect(JSON.parse(Policy ?? "")).toEqual({ Version: "2012-10-17", Id: "default", Statement: [statement] });
    await expectRefusal(lambda.call("AddPermission", allowRule), "ResourceConflictException");
    await expectRefusal(
      lambda.call("RemovePermission", { FunctionName: "echo-counting", StatementId: "other" }),
      "ResourceNotFoundException",
    );
  });
});

describe("reserved concurrency", () => {
  it("throttles what comes on top of it, and no longer once it is deleted", async () => {
    lambda.deploy("sleeping.busy", { timeoutSeconds: 30 });
    const FunctionName = "sleeping-busy";
    await lambda.call("PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: 2 });

    const answers = await Promise.allSettled([1, 2, 3].map(() => lambda.invoke(FunctionName, { until: 30 })));
    const free = await lambda.invoke(FunctionName, { until: 1 });
    await lambda.call("DeleteFunctionConcurrency", { FunctionName });
    const many = await Promise.allSettled([1, 2, 3].map(() => lambda.invoke(FunctionName, { until: 1 })));

    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(answers[2]).toMatchObject({ reason: { code: "TooManyRequestsException" } });
    expect(await refusedStatus("lambda", (answers[2] as PromiseRejectedResult).reason)).toBe(429);
    expect(free.payload).toBe("done");
    expect(many.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  });
});

describe("functions", () => {
  it("are described as they were deployed", async () => {
    lambda.deploy("echo.handler", {
      environment: { TABLE: "ledger" },
      timeoutSeconds: 30,
      memoryMb: 512,
      architecture: "arm64",
      tags: { stage: "test" },
    });

    const answer = await lambda.call("GetFunction", { FunctionName: `${ACCOUNT}:function:echo-handler` });

    expect(answer).toMatchObject({
      Tags: { stage: "test" },
      Configuration: {
        FunctionName: "echo-handler",
        FunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:echo-handler`,
        Handler: "echo.handler",
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Timeout: 30,
        MemorySize: 512,
        Environment: { Variables: { TABLE: "ledger" } },
        LastModified: "2026-04-01T08:00:00.000+0000",
        State: "Active",
      },
    });
  });

  it("are refused with a name in use or settings out of bounds", async () => {
    lambda.deploy("echo.handler");

    expect(() => lambda.deploy("echo.handler")).toThrow("Function already exist: echo-handler");
    expect(() => lambda.deploy("echo.handler", { name: "x", timeoutSeconds: 901 })).toThrow("from 1 to 900");
    expect(() => lambda.deploy("echo.handler", { name: "x", memoryMb: 64 })).toThrow("from 128 to 10240");
  });

  it("keep how their events are retried, within Lambda's bounds", async () => {
    lambda.deploy("echo.handler");
    const FunctionName = "echo-handler";

    await expectRefusal(lambda.call("GetFunctionEventInvokeConfig", { FunctionName }), "ResourceNotFoundException");
    await expect(
      lambda.call("PutFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 3 }),
    ).rejects.toThrow("less than or equal to 2");
    await expectRefusal(
      lambda.call("PutFunctionEventInvokeConfig", {
        FunctionName,
        DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::bucket" } },
      }),
      "InvalidParameterValueException",
    );
    await lambda.call("PutFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 0 });

    expect(await lambda.call("GetFunctionEventInvokeConfig", { FunctionName })).toEqual({
      FunctionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:echo-handler:$LATEST`,
      LastModified: new Date("2026-04-01T08:00:00Z"),
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    });
  });
});
