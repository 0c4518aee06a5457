// @module-tag deep
// @module-tag needs/aws-cli
import { readFileSync } from "node:fs";
import { programs, runAs } from "embedded-aws/testing/programs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { HOUR } from "../world/time.ts";

const account = "111122223333";
const PROGRAMS = programs("aws");

/** The runbook's commands on logs, each on one line. */
const commands = [...readFileSync("docs/operations.md", "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = ""]) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
  .filter((line) => line.startsWith("aws logs "));

const commandWith = (text: string): string => {
  const found = commands.filter((command) => command.includes(text));
  expect(found, text).toHaveLength(1);
  return found[0] ?? "";
};

let factory: Deployed;
/** `<version>/<build>` */
let build = "";
beforeAll(async () => {
  factory = await startDeployed({ port: 0 });
  await factory.request("al2023-base");
  await factory.pass(2 * HOUR);
  const arn = String(factory.said("build.available", "al2023-base")[0]?.build);
  build = arn.split("/").slice(-2).join("/");
  // Not an event that it takes: it fails, and says so.
  await factory.send("record-build", { nonsense: true }).catch(() => undefined);
  await factory.pass(HOUR);
}, 60_000);
afterAll(() => factory.close());

describe.each(PROGRAMS.map((program, at) => ({ program, title: `AWS CLI ${at + 1}` })))("$title", ({ program }) => {
  const run = async (command: string) => {
    const aws = `"${program}" --endpoint-url "$AWS_ENDPOINT_URL" logs `;
    const ended = await runAs("bash", ["-c", command.replace("aws logs ", aws)], factory.options.endpoint, account);
    expect(ended, command).toMatchObject({ code: 0, stderr: "" });
    return ended.stdout;
  };

  test("the runbook's command finds what was decided about an image", async () => {
    const found = await run(commandWith("amint-acme-start-build"));

    expect(found).toContain('"message":"start decided"');
    expect(found).toContain('"image":"al2023-base"');
    expect(found).not.toContain("ubuntu");
  });

  test("the runbook's command finds why a function failed", async () => {
    const found = await run(commandWith("?ERROR"));

    expect(found).toContain("InvalidEvent");
    expect(found).not.toContain("START RequestId");
  });

  test("the runbook's command shows the log of a build", async () => {
    const found = await run(commandWith("/aws/imagebuilder/").replace("1.0.1/1", build));

    expect(found).toContain("Phase build");
    expect(found).toContain("TOE has completed execution successfully");
  });
});
