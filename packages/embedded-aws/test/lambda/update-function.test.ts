import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { describe, expect, it, onTestFinished } from "vitest";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { updateFunctionSources } from "../../src/services/lambda/update-function.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

function open(where: string) {
  const lambda = newLambda();
  if (where === "in this thread") lambda.inThisThread();
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  onTestFinished(async () => {
    await closeLambda(lambda.aws);
    rmSync(folder, { recursive: true });
  });
  return {
    ...lambda,
    folder,
    invoke: (...asked: Parameters<typeof lambda.invoke>) => lambda.during(lambda.invoke(...asked)),
    start: lambda.invoke,
    update: (input: object) =>
      lambda.call<FunctionConfiguration>("UpdateFunctionConfiguration", { FunctionName: "f", ...input }),
    /** Writes a handler whose answer is this. */
    write(file: string, answer: string): void {
      writeFileSync(join(folder, file), `export const handler = async () => ${JSON.stringify(answer)};\n`);
    },
    sources: (name: string, handler = "one.handler") =>
      updateFunctionSources(lambda.aws, ACCOUNT, REGION, name, { root: folder, handler }),
  };
}

describe.each(["in workers", "in this thread"])("a function %s that is updated", (where) => {
  it("runs with its new settings from the next invocation on, and keeps those that are left out", async () => {
    const { deploy, invoke, update } = open(where);
    deploy("echo.handler", { name: "f", environment: { COLOUR: "green" }, description: "first" });
    const before = await invoke("f");

    await update({ Environment: { Variables: { SHAPE: "round" } }, Timeout: 60, MemorySize: 256 });
    const after = await invoke("f");
    const cleared = await update({ Environment: {} });

    expect(before.payload.environment).toMatchObject({ COLOUR: "green", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128" });
    expect(after.payload.environment).toMatchObject({ SHAPE: "round", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256" });
    expect(after.payload.environment).not.toHaveProperty("COLOUR");
    expect(after.payload.context.remaining).toBe(60_000);
    expect(cleared).toMatchObject({ Description: "first", Timeout: 60, Handler: "echo.handler" });
    expect(cleared.Environment).toBeUndefined();
  });

  it("lets a running invocation end in its environment", async () => {
    const { deploy, start, invoke, update, clock } = open(where);
    deploy("sleeping.handler", { name: "f", timeoutSeconds: 60 });

    const slow = start("f", { ms: 20_000, steps: 2 });
    await clock.settle();
    await update({ Timeout: 10 });
    const soon = await invoke("f", { ms: 20_000, steps: 2 });

    expect((await slow).payload).toBe(40_000);
    expect(soon.payload.errorMessage).toMatch(/Task timed out after 10.00 seconds$/);
  });

  it("loads changed sources from the next invocation on, and no other function does", async () => {
    const { deploy, invoke, write, sources, folder } = open(where);
    write("one.ts", "first");
    for (const name of ["f", "other"]) deploy("one.handler", { name, root: folder });
    const before = [(await invoke("f")).payload, (await invoke("other")).payload];

    write("one.ts", "the second");
    const untouched = (await invoke("f")).payload;
    const changed = await sources("f");
    const after = [(await invoke("f")).payload, (await invoke("other")).payload];
    write("two.ts", "another file");
    await sources("f", "two.handler");
    const moved = (await invoke("f")).payload;

    expect(before).toEqual(["first", "first"]);
    expect(untouched).toBe("first");
    expect(after).toEqual(["the second", "first"]);
    expect([moved, changed.handler]).toEqual(["another file", "two.handler"]);
  });
});

describe("UpdateFunctionConfiguration", () => {
  it("gives a new revision, and refuses to change one that is not the latest", async () => {
    const { deploy, update, clock } = open("in workers");
    const { revisionId: first } = deploy("echo.handler", { name: "f" });
    await clock.runUntil(clock.now() + 60_000);

    const changed = await update({ Description: "second", RevisionId: first });

    expect(changed).toMatchObject({ Description: "second", LastModified: "2026-04-01T08:01:00.000+0000" });
    expect(changed.RevisionId).not.toBe(first);
    await expect(update({ RevisionId: first })).rejects.toMatchObject({ code: "PreconditionFailedException" });
  });

  it("removes the dead-letter queue with an empty ARN", async () => {
    const { deploy, update } = open("in workers");
    const TargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
    deploy("echo.handler", { name: "f" });

    const given = await update({ DeadLetterConfig: { TargetArn } });
    const taken = await update({ DeadLetterConfig: { TargetArn: "" } });

    expect([given.DeadLetterConfig, taken.DeadLetterConfig]).toEqual([{ TargetArn }, undefined]);
  });

  it.each<[what: string, input: object, code: string, message: string]>([
    [
      "a reserved variable",
      { Environment: { Variables: { AWS_REGION: "x" } } },
      "InvalidParameterValueException",
      "AWS_REGION",
    ],
    [
      "variables of over 4 KB",
      { Environment: { Variables: { TEXT: "x".repeat(4096) } } },
      "InvalidParameterValueException",
      "4KB",
    ],
    [
      "a dead-letter target that is neither a queue nor a topic",
      { DeadLetterConfig: { TargetArn: "arn:aws:s3:::bucket" } },
      "InvalidParameterValueException",
      "arn:aws:s3:::bucket",
    ],
    ["layers", { Layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:l:1"] }, "NotImplemented", "Layers"],
    ["a function that does not exist", { FunctionName: "none" }, "ResourceNotFoundException", "none"],
  ])("refuses %s, and changes nothing", async (_, input, code, message) => {
    const { deploy, update } = open("in workers");
    const { revisionId } = deploy("echo.handler", { name: "f" });

    const refusal = await update({ Description: "changed", ...input }).catch((error) => error);

    expect(refusal).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await update({ RevisionId: revisionId })).toMatchObject({ Description: "" });
  });
});
