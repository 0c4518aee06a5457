import { GetImagePipelineCommand, GetImageRecipeCommand } from "@aws-sdk/client-imagebuilder";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { parentParameter, pipelineArn } from "../../core/names.ts";
import { findFaults } from "../../demo/expectations.ts";
import { runMonth } from "../../demo/run-month.ts";
import factory from "../../factory.config.ts";
import { startScenario } from "../world/scenario.ts";
import { HOUR, MINUTE } from "../world/time.ts";

const ROOT = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
const PARENT = parentParameter(factory.name, "al2023-base", "stable");
const place = { partition: "aws", region: "eu-west-1", account: "111122223333" };

async function start() {
  const scenario = await startScenario();
  const ssm = scenario.client(SSMClient);
  return {
    ...scenario,
    ssm,
    root: () => readParameter(ssm, ROOT),
    parent: () => readParameter(ssm, PARENT),
    stable: () => scenario.channel("al2023-base", "stable", "eu-west-1"),
    put: (Value: string) =>
      ssm.send(new PutParameterCommand({ Name: PARENT, Value, DataType: "aws:ec2:image", Overwrite: true })),
    startsOf: (image: string) => scenario.said("build.started", image),
  };
}

test("before its first promotion a channel has no parameter, and its children's recipe starts from the root's AMI", async () => {
  const world = await start();
  const { imageBuilder } = world;

  const imagePipelineArn = pipelineArn(place, factory.name, "al2023-web");
  const { imagePipeline } = await imageBuilder.send(new GetImagePipelineCommand({ imagePipelineArn }));
  const { imageRecipe } = await imageBuilder.send(
    new GetImageRecipeCommand({ imageRecipeArn: imagePipeline?.imageRecipeArn }),
  );

  expect(imageRecipe?.parentImage).toBe(`ssm:${PARENT}`);
  expect(await world.parent()).toBe(await world.root());
  expect(await world.stable()).toBeUndefined();
});

test("the AMI of children's recipes moves with the channel, and back to the root's AMI if nothing is left", async () => {
  const world = await start();
  await world.request("al2023-base");
  await world.passUntil(() => world.startsOf("al2023-web").length > 0);
  const [promoted, followed] = [await world.stable(), await world.parent()];
  const [build] = world.said("build.available", "al2023-base").map((one) => one.build);

  await world.send("revoke-build", { build, by: "ada", reason: "a hole" });
  await world.pass(10 * MINUTE);

  expect(promoted).toMatch(/^ami-/);
  expect(followed).toBe(promoted);
  expect(world.startsOf("al2023-web")).toHaveLength(1);
  expect(await world.stable()).toBeUndefined();
  expect(await world.parent()).toBe(await world.root());
});

test("the AMI of children's recipes is rolled back with the channel", { tags: "deep" }, async () => {
  const world = await start();
  await world.request("al2023-base");
  await world.pass(26 * HOUR);
  const first = await world.stable();
  await world.request("al2023-base");
  await world.pass(26 * HOUR);
  const second = await world.stable();
  const before = await world.parent();

  const back = { image: "al2023-base", channel: "stable", by: "ada", reason: "it does not boot", request: "one" };
  await world.send("roll-back", back);
  await world.pass(HOUR);

  expect(second).not.toBe(first);
  expect(before).toBe(second);
  expect(await world.stable()).toBe(first);
  expect(await world.parent()).toBe(first);
});

test("a parent's parameter that was edited or deleted is restored, and no child is built meanwhile", {
  tags: "deep",
}, async () => {
  const world = await start();
  await world.request("al2023-base");
  await world.pass(26 * HOUR);
  const promoted = await world.stable();
  await world.pass(4 * HOUR);
  const before = world.startsOf("al2023-web").length;

  await world.put((await world.root()) ?? "");
  // By then SSM has accepted it, but not its repair.
  await world.pass(2_500);
  await world.send("start-build", { trigger: "manual", image: "al2023-web", requestedBy: "ada" });
  await world.pass(1_000);
  const meanwhile = world.startsOf("al2023-web").length;
  await world.pass(3 * HOUR);
  const edited = await world.parent();
  await world.ssm.send(new DeleteParameterCommand({ Name: PARENT }));
  await world.pass(3 * HOUR);

  expect(edited).toBe(promoted);
  expect(await world.parent()).toBe(promoted);
  expect(world.said("drift.found", "al2023-base").map(({ found }) => found)).toEqual([
    `${PARENT} in eu-west-1 was ${await world.root()}, but the channel points at ${promoted}`,
    `${PARENT} in eu-west-1 was missing, but the channel points at ${promoted}`,
  ]);
  expect(meanwhile).toBe(before);
  expect(world.startsOf("al2023-web")).toHaveLength(before + 1);
});

test("the month passes where Image Builder looks a recipe's parent up at builds only", { tags: "deep" }, async () => {
  const { report, running } = await runMonth({
    factory,
    blueprint: await readBlueprint(),
    port: 0,
    recipeParents: "at-build",
  });
  await running.close();

  expect(findFaults(report)).toEqual([]);
});
