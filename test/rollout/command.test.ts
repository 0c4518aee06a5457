// @module-tag deep
// @module-tag needs/sst-platform
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Blueprint } from "embedded-aws/deploy";
import { expect, onTestFinished, test } from "vitest";
import { findRollout } from "../../adapters/rollout/rollouts.ts";
import { functionOf } from "../../core/factory/blueprint.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { deployed } from "../world/deployed.ts";
import { account, checkout, type Ended, start } from "../world/running-factory.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import factory from "./fixtures/example-with-rollout.ts";

const FIXTURE = `${import.meta.dirname}/fixtures/example-with-rollout.ts`;
const at = { image: "al2023-base", channel: "candidate" };

/** The fixture's factory, deployed on a port after a build, and the CLI in a separate project. */
async function openDeployed() {
  const project = findProject(FIXTURE);
  const blueprint: Blueprint = JSON.parse(await evaluateProgram(project));
  const running = await deployed({ factory, blueprint, program: programOf(project), port: 0 });
  const folder = await mkdtemp(join(tmpdir(), "amint-rollout-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "factory.config.ts"), `export { default } from ${JSON.stringify(FIXTURE)};\n`);
  await writeFile(join(folder, "blueprint.json"), JSON.stringify(blueprint));
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: running.options.endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "any",
  };
  const amint = async (...args: string[]): Promise<Ended> => {
    const stop = running.clock.race();
    try {
      const cli = join(checkout, "cli/command/amint.mjs");
      return await start(process.execPath, [cli, "rollout", at.image, at.channel, ...args], env, folder).ended;
    } finally {
      stop();
      await running.clock.settle();
    }
  };
  const FunctionName = functionOf(blueprint, "answer-slack");
  const { FunctionUrl } = await new LambdaClient(running.options).send(
    new GetFunctionUrlConfigCommand({ FunctionName }),
  );
  running.slack.interactAt(FunctionUrl ?? "");
  await running.request(at.image);
  await running.pass(4 * HOUR);
  return { ...running, amint, state: async () => (await findRollout(running.ledger, at))?.state };
}

test("a roll-out is shown, planned, halted, resumed from Slack, and rolled back by command", async () => {
  const { amint, state, slack, pass, said } = await openDeployed();
  const messageOf = (title: RegExp) => slack.messages.find(({ text }) => title.test(text));

  const shown = await amint();
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toMatch(
    /^al2023-base candidate: roll-out of \S+ in progress\n {2}Why: outside the channel's windows/,
  );
  const plan = await amint("--plan", "--json");
  expect(JSON.parse(plan.stdout)).toMatchObject({
    ...at,
    closed: { why: "outside the channel's windows" },
    outside: [],
  });

  const halted = await amint("--halt", "--reason", "errors in production");
  expect(halted.stdout).toMatch(/is halted: no further instance refreshes start, those in progress run to their end/);
  await pass(5 * MINUTE);
  expect(await state()).toBe("halted");
  const twice = await amint("--halt");
  expect(twice.stdout).toContain("was halted already");
  expect(said("rollout.halted")).toMatchObject([{ ...at, why: expect.stringContaining("errors in production") }]);

  const message = messageOf(/roll-out of .* halted/);
  await slack.press(message!, "resume-roll-out", { id: factory.people.ada?.slack ?? "", name: "ada" });
  await pass(3 * MINUTE);
  expect(await state()).toBe("running");
  const below = messageOf(/roll-out of .* halted/)?.blocks.filter(
    ({ type }) => type === "context" || type === "actions",
  );
  expect(JSON.stringify(below)).toContain("was resumed by ada.");
  expect(JSON.stringify(below)).not.toContain("actions");

  const back = JSON.parse((await amint("--back", "--json")).stdout);
  expect(back).toMatchObject({ ...at, state: "returning", already: false });
  await pass(5 * MINUTE);
  expect(await state()).toBe("returned");
  expect(said("rollout.ended")).toMatchObject([{ ...at, outcome: "returned" }]);
  expect(messageOf(/roll-out of build .* rolled back$/)).toBeDefined();
  const late = await amint("--resume");
  expect(late).toEqual({
    code: 1,
    stdout: "",
    stderr: "amint: it is returned: only a halted roll-out can be resumed\n",
  });
});
