import { expect, onTestFinished, test } from "vitest";
import type { BlueprintResource } from "../../src/deploy/blueprint.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { startAws } from "../../src/start-aws.ts";
import { reference } from "../deploy/small-blueprint.ts";
import { ACCOUNT, REGION, START } from "./new-lambda.ts";

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
};
const fn = (name: string, more: object): BlueprintResource => ({
  name: `${name}Function`,
  type: "aws:lambda/function:Function",
  region: REGION,
  handler: "function-url.echo",
  inputs: { name, role: `arn:aws:iam::${ACCOUNT}:role/fn`, ...more },
});
const at = (name: string, type: string, inputs: object): BlueprintResource => ({
  name,
  type,
  region: REGION,
  inputs: inputs as Record<string, unknown>,
});
const RESOURCES = [
  at("Role", "aws:iam/role:Role", { name: "fn", assumeRolePolicy: trust }),
  fn("answer", {}),
  // Refers to what is created after functions otherwise.
  fn("asker", { environment: { variables: { ANSWERS_AT: reference("AnswerUrl", "functionUrl") } } }),
  at("AnswerUrl", "aws:lambda/functionUrl:FunctionUrl", {
    functionName: "answer",
    authorizationType: "NONE",
    invokeMode: "BUFFERED",
    cors: { allowOrigins: ["*"], maxAge: 10 },
  }),
  at("AnswerUrlPermission", "aws:lambda/permission:Permission", {
    function: "answer",
    statementId: "url",
    action: "lambda:InvokeFunctionUrl",
    principal: "*",
    functionUrlAuthType: "NONE",
  }),
  at("AnswerPermission", "aws:lambda/permission:Permission", {
    function: "answer",
    statementId: "function",
    action: "lambda:InvokeFunction",
    principal: "*",
    invokedViaFunctionUrl: true,
  }),
];

async function boot(resources: readonly BlueprintResource[], port?: number) {
  const booted = await startAws(
    { clock: new VirtualClock(START), publicImages: [], ...(port !== undefined && { port }) },
    {
      blueprint: { account: ACCOUNT, partition: "aws", buildRegion: REGION, resources },
      root: `${import.meta.dirname}/fixtures`,
    },
  );
  onTestFinished(() => booted.close());
  return booted;
}

test("a program's URL works, and other resources can refer to it", async () => {
  const { aws, deployment } = await boot(RESOURCES, 0);
  const url = deployment.get("AnswerUrl")?.functionUrl ?? "";

  const answer = await fetch(url, { headers: { origin: "https://a.example" } });
  const asker = await aws.call<{ Environment: object }>(
    "lambda",
    "GetFunctionConfiguration",
    { FunctionName: "asker" },
    { principal: accountPrincipal(ACCOUNT), region: REGION },
  );

  expect(answer.status).toBe(200);
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(asker.Environment).toEqual({ Variables: { ANSWERS_AT: url } });
});

test("a program that forgot one of the permissions is refused, as in AWS", async () => {
  const { deployment } = await boot(
    RESOURCES.filter(({ name }) => name !== "AnswerPermission"),
    0,
  );

  expect((await fetch(deployment.get("AnswerUrl")?.functionUrl ?? "")).status).toBe(403);
});

test("an unknown setting is named", async () => {
  const resources = RESOURCES.map((one) =>
    one.name === "AnswerUrl" ? { ...one, inputs: { ...one.inputs, cors: { allowPrivateNetwork: true } } } : one,
  );

  await expect(boot(resources)).rejects.toThrow("does not understand cors.allowPrivateNetwork");
});
