import type { LoggingConfig } from "@aws-sdk/client-lambda";
import { afterEach, describe, expect, it } from "vitest";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { ACCOUNT, newLambda } from "../lambda/new-lambda.ts";
import { makeRole } from "../policy.ts";

interface Found {
  readonly logStreamName: string;
  readonly message: string;
}

let lambda: ReturnType<typeof newLambda>;
afterEach(() => closeLambda(lambda.aws));

/** A function whose role has these statements, in a thread of its own or in this one. */
async function deployed(where: "thread" | "in process", statements: object[], logging?: LoggingConfig) {
  lambda = newLambda(policyAuthorizer());
  const { aws, deploy } = lambda;
  if (where === "in process") lambda.inThisThread();
  const may = statements.map((one) => ({ Effect: "Allow", ...one }));
  await makeRole(aws, ACCOUNT, "function", { Service: "lambda.amazonaws.com" }, ...may);
  deploy("logging.handler", { name: "share", logging });
}

const logs = <Output = Record<string, unknown>>(operation: string, input: object) =>
  lambda.of("logs")<Output>(operation, input);

const lines = async (logGroupName = "/aws/lambda/share") =>
  (await logs<{ events: Found[] }>("FilterLogEvents", { logGroupName })).events;

async function invoke(event: object = {}) {
  const answer = lambda.invoke("share", event);
  await lambda.clock.runUntil(lambda.clock.now() + 60_000);
  return await answer;
}

const everything = [{ Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" }];
const ID = "[0-9a-f]{8}-[0-9a-f-]{27}";
const TIME = "2026-04-01T08:\\d\\d:\\d\\d\\.\\d{3}Z";

describe.each(["thread", "in process"] as const)("a function (%s)", (where) => {
  it("logs to its group, made on its first run, as Lambda's runtime writes it", async () => {
    await deployed(where, everything);

    await invoke();
    await invoke();

    const found = await lines();
    const shapes = [
      `START RequestId: ${ID} Version: \\$LATEST\n`,
      `${TIME}\t${ID}\tDEBUG\tlooked at 3 things\n`,
      `${TIME}\t${ID}\tINFO\t{ step: 'share', took: 12 }\n`,
      `${TIME}\t${ID}\tERROR\tRangeError: too far\n[\\s\\S]*\n`,
      '{"level":"INFO","message":"as it is"}\n',
      `END RequestId: ${ID}\n`,
      `REPORT RequestId: ${ID}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\t\n`,
    ].map((shape) => expect.stringMatching(new RegExp(`^${shape}$`)));
    expect(found.map(({ message }) => message)).toEqual([...shapes, ...shapes]);
    expect(new Set(found.map(({ logStreamName }) => logStreamName)).size).toBe(1);
    expect(found[0]?.logStreamName).toMatch(/^2026\/04\/01\/\[\$LATEST\][0-9a-f]{32}$/);
  });

  it("logs in JSON to the group that its settings name, from their level on", async () => {
    const logging = { LogFormat: "JSON", LogGroup: "/app/web", ApplicationLogLevel: "INFO" } as const;
    await deployed(where, everything, logging);

    await invoke({ fail: true });

    const found = (await lines("/app/web")).map(({ message }) => JSON.parse(message));
    expect(found).toMatchObject([
      { type: "platform.start", record: { version: "$LATEST" } },
      { level: "INFO", message: { step: "share", took: 12 }, requestId: expect.stringMatching(ID) },
      { level: "ERROR", errorType: "RangeError", errorMessage: "too far" },
      { level: "INFO", message: "as it is" },
      { level: "ERROR", message: { errorType: "Error", errorMessage: "failed on purpose" } },
      { type: "platform.report", record: { status: "error", metrics: { memorySizeMB: 128 } } },
    ]);
  });

  it("whose role may not write its log runs all the same, and its log stays empty", async () => {
    await deployed(where, [{ Action: ["logs:CreateLogGroup", "logs:CreateLogStream"], Resource: "*" }]);

    const answer = await invoke();

    expect(answer.error).toBeUndefined();
    expect(await lines()).toEqual([]);
  });

  it("whose role may not create the group logs nothing until the group exists", async () => {
    await deployed(where, [{ Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" }]);
    await invoke();

    await expect(lines()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    await logs("CreateLogGroup", { logGroupName: "/aws/lambda/share" });
    await invoke();

    expect(await lines()).toHaveLength(7);
  });

  it("logs into a new stream when its group was deleted and made again", async () => {
    await deployed(where, everything);
    await invoke();

    await logs("DeleteLogGroup", { logGroupName: "/aws/lambda/share" });
    await invoke();

    expect(await lines()).toHaveLength(7);
  });
});
