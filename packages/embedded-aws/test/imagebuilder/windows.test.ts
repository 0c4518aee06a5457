import { describe, expect, test } from "vitest";
import { aBuilder } from "./builder.ts";

const document = (...commands: readonly string[]): string => `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Script
        action: ExecutePowerShell
        inputs:
          commands:
${commands.map((one) => `            - |\n${one.replaceAll(/^/gm, "              ")}\n`).join("")}`;

describe("a document's PowerShell", () => {
  test("is not run where PowerShell refuses it: CreateComponent accepts it, and the build fails", async () => {
    const { builder, start, pipeline, pass, workflows, steps } = await aBuilder();
    const { componentBuildVersionArn: componentArn } = await builder<{ componentBuildVersionArn: string }>(
      "CreateComponent",
      { name: "broken", semanticVersion: "1.0.0", platform: "Windows", data: document("$a = 1\n  $b = 'x") },
    );
    const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base";

    const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn }] } }));
    await pass(90);

    const [built] = await workflows(arn);
    const failed = (await steps(built?.workflowExecutionId)).find(({ status }) => status === "FAILED");
    expect(failed?.message).toContain("At line:2 char:8\nThe string is missing the terminator: '.");
  });
});

test("recipes of one platform fail on a parent of the other", async () => {
  const { component, start, pipeline, pass, image } = await aBuilder();
  const linux = await component("linux", document("true").replace("ExecutePowerShell", "ExecuteBash"));
  const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base";

  const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn: linux }] } }));
  await pass(90);

  expect((await image(arn)).state?.reason).toMatch(/components are for Linux, and the parent image '.*' runs Windows/);
});

test("Windows is prepared by Sysprep instead of the clean-up script", async () => {
  const { builder, start, pipeline, pass, workflows, steps } = await aBuilder();
  const { componentBuildVersionArn: componentArn } = await builder<{ componentBuildVersionArn: string }>(
    "CreateComponent",
    { name: "sound", semanticVersion: "1.0.0", platform: "Windows", data: document("exit 0") },
  );
  const parentImage = "ssm:/aws/service/ami-windows-latest/Windows_Server-2019-English-Full-Base";

  const arn = await start(await pipeline({ recipe: { parentImage, components: [{ componentArn }] } }));
  await pass(90);

  const [built] = await workflows(arn);
  const ended = new Map((await steps(built?.workflowExecutionId)).map(({ name, status }) => [name, status]));
  expect([ended.get("RunSanitizeScript"), ended.get("RunSysPrepScript")]).toEqual(["SKIPPED", "COMPLETED"]);
});
