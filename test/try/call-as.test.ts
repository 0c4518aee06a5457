import { startAws, VirtualClock } from "embedded-aws";
import type { BlueprintResource } from "embedded-aws/deploy";
import { expect, onTestFinished, test } from "vitest";
import { optionsInProcess } from "../../local/boot/client-options.ts";
import { approveBuild, requestBuild } from "../../local/people/call-as.ts";
import { factoryOf, HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { BEGIN } from "../world/time.ts";

const factory = factoryOf();
const role = `arn:aws:iam::${FACTORY}:role/functions`;
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
};
const at = (name: string, type: string, inputs: Record<string, unknown>, handler?: string): BlueprintResource => ({
  name,
  type,
  region: HOME,
  inputs,
  ...(handler && { handler }),
});
const functions = ["start-build", "answer-approval"].flatMap((short) => {
  const name = `amint-${factory.name}-${short}`;
  return [
    at(short, "aws:lambda/function:Function", { name, role, timeout: 30 }, "waiting.handler"),
    at(`${short}Url`, "aws:lambda/functionUrl:FunctionUrl", { functionName: name, authorizationType: "AWS_IAM" }),
  ];
});
const resources = [at("Role", "aws:iam/role:Role", { name: "functions", assumeRolePolicy: trust }), ...functions];

/** A factory whose two functions with a URL wait before they answer, in this thread. */
async function startWaiting() {
  const clock = new VirtualClock(BEGIN);
  const { aws, close } = await startAws(
    { clock, publicImages: [] },
    {
      blueprint: { account: FACTORY, partition: "aws", buildRegion: HOME, resources },
      root: `${import.meta.dirname}/fixtures`,
      functions: "in-process",
    },
  );
  onTestFinished(close);
  const options = optionsInProcess(aws, FACTORY, HOME);
  return { aws, clock, factory, account: FACTORY, options };
}

test("a request and an approval get their answers although the functions wait in factory time", async () => {
  const where = await startWaiting();

  await requestBuild(where, "base", "ada");
  const requested = where.clock.now() - BEGIN;
  await approveBuild(where, "arn:aws:imagebuilder:eu-west-1:111122223333:image/base/1.0.0/1", "ada");

  expect([requested, where.clock.now() - BEGIN]).toEqual([2_000, 4_000]);
});
