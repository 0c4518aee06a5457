import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { confirmPublished } from "../../functions/channel/confirm-published.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { promoteCalmly } from "./way-back/promote.ts";
import { amiIn, IMAGE, openWay, type World } from "./way-back/world.ts";

const seventeen = [
  "eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1 us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1",
  "sa-east-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2",
].flatMap((some) => some.split(" "));

const changes = new Set(["ModifyImageAttribute", "PutParameter", "CreateTags", "DeleteParameter", "EnableImage"]);
const candidate = { image: IMAGE, channel: "candidate" };
const asked = (request: string, more: object = {}) =>
  ({ ...candidate, by: "ada", reason: "it does not boot", request, ...more }) as Parameters<typeof moveBack>[0];

async function promoteAll(world: World, count: number): Promise<void> {
  for (const one of world.builds.slice(0, count)) await promoteCalmly(world, one, 10_000);
}

const says = (world: World, region: string): Promise<string | undefined> =>
  readParameter(world.step().client(SSMClient, region), `/imagebuilder/amint/way/${IMAGE}/candidate`);

test("seventeen regions go back with at most three calls each beyond looking, their parameters at once", async () => {
  const world = await openWay(seventeen, 2);
  await world.renew();
  await promoteAll(world, 2);
  const [first, second] = world.builds;
  // The older build's launch permissions were removed by hand: it has to be shared again.
  for (const image of first!.images.values()) image.permissions.clear();
  world.asked.length = 0;
  const from = world.clock.now();

  const { pointed } = await world.through(
    (async () => {
      const done = await moveBack(asked("once", { from: second!.build }), world.step());
      await confirmPublished(candidate, done.pointed, world.step());
      return done;
    })(),
  );

  expect(pointed.build).toBe(first?.build);
  for (const region of seventeen) {
    expect(await says(world, region)).toBe(amiIn(first!.images, region));
    const changed = world.asked.filter((one) => one.region === region && changes.has(one.operation));
    expect(changed.map(({ operation }) => operation)).toEqual(["ModifyImageAttribute", "PutParameter"]);
  }
  // Shared everywhere before the first parameter moves; all parameters before the first is looked at.
  const order = world.asked.map(({ operation }) => operation);
  expect(order.lastIndexOf("ModifyImageAttribute")).toBeLessThan(order.indexOf("PutParameter"));
  const puts = order.slice(order.indexOf("PutParameter"), order.lastIndexOf("PutParameter") + 1);
  expect(new Set(puts)).toEqual(new Set(["PutParameter"]));
  expect((world.clock.now() - from) / 1000).toBeLessThan(10);
});

test("two concurrent rollbacks move the channel once; the second caller learns who was first", async () => {
  const world = await openWay(["eu-west-1", "us-east-1"], 3);
  await world.renew();
  await promoteAll(world, 3);
  const [, second, third] = world.builds;

  const both = await world.through(
    Promise.allSettled(
      ["one", "other"].map((request) => moveBack(asked(request, { from: third!.build }), world.step())),
    ),
  );
  const late = await world.through(
    moveBack(asked("late", { from: third!.build }), world.step()).catch((error: Error) => error),
  );
  const repeated = await world.through(
    moveBack(asked("one", { from: third!.build }), world.step()).catch((e: Error) => e),
  );

  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(String(both.find((one) => one.status === "rejected")?.reason)).toMatch(
    /was moved at the same moment by ada to 1\.0\.0\/2|and has pointed at/,
  );
  expect(String(late)).toMatch(
    /pointed at 1\.0\.0\/3 at the time of the request, and has pointed at 1\.0\.0\/2 since .* \(rollback by ada\)/,
  );
  expect(String(repeated)).not.toContain("1.0.0/1");
  expect((await findChannel(world.step().ledger, IMAGE, "candidate"))?.build).toBe(second?.build);
});

test("a retired build is refused before anything moves, naming what is possible", async () => {
  const world = await openWay(["eu-west-1", "us-east-1"], 4);
  await world.renew();
  await promoteAll(world, 4);
  const [first, second, third] = world.builds;
  second!.images.get("eu-west-1")!.state = "disabled";
  third!.images.get("us-east-1")!.state = "disabled";
  const back = (to: string | undefined) =>
    world.through(moveBack(asked(`to ${to}`, { to }), world.step()).catch((error: Error) => error));

  const retired = await back(second?.build);
  const lacking = await back(third?.build);
  const never = await back(first?.build.replace(/1$/, "9"));

  expect(String(retired)).toMatch(/it is retired: its AMI ami-\w+ is disabled\. Possible: 1\.0\.0\/1\./);
  expect(String(lacking)).toMatch(
    /it cannot be used in us-east-1: its AMI ami-\w+ is disabled\. Possible: 1\.0\.0\/1\./,
  );
  expect(String(never)).toContain("it was never promoted to this channel. Possible: 1.0.0/1.");
  expect((await findChannel(world.step().ledger, IMAGE, "candidate"))?.build).toBe(world.builds[3]?.build);
});

test("a share that was under way when its promotion was undone is removed automatically", async () => {
  const world = await openWay(["eu-west-1", "us-east-1"], 1);
  await world.renew();
  const { build, images } = world.builds[0]!;
  await world.judge(world.builds[0]!, "passed");
  const error = { Error: "Failed", Cause: "another region" };
  // Undone between the share's look at the ledger and its call to EC2.
  const ec2 = world.step().client(EC2Client, "eu-west-1");
  const send = ec2.send.bind(ec2);
  let undone = false;
  Object.assign(ec2, {
    send: async (command: { constructor: { name: string } }) => {
      if (!undone && command.constructor.name === "ModifyImageAttributeCommand") {
        undone = true;
        await undoPromotion({ image: IMAGE, build, error, triesLeft: 0 }, world.step());
      }
      return send(command as never);
    },
  });

  const shared = world.through(shareImage({ ...candidate, build, region: "eu-west-1" }, world.step()));

  await expect(shared).rejects.toThrow(/is not shared or published: its promotion was undone/);
  expect(images.get("eu-west-1")?.permissions.size).toBe(0);
  expect(world.said.map(({ name }) => name)).toEqual(["promotion.failed"]);
});
