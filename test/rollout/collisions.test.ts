import {
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { ec2State } from "embedded-aws/state";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { openDirect, openShop } from "./histories/direct-world.ts";
import { amiOf, ONE_WAVE, PRODUCTION, TESTING } from "./rollout-driver.ts";

test("a group that disappears, loses its tag or its template, or opts in late has its state; the others continue", async () => {
  const world = await openDirect({ rollout: { waves: [{ name: "all", bake: "30m" }] } });
  const first = await world.promote(1);
  const image = amiOf(first);
  await world.addGroup("good", { account: TESTING, image });
  const templates: Record<string, string> = {};
  for (const name of ["gone", "untagged", "baseless"])
    templates[name] = await world.addGroup(name, { image, desired: 3 });
  const second = await world.follow(2, async () => (await world.states()).good === "refreshing");
  const client = world.autoScaling();

  await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "gone", ForceDelete: true }));
  const tag = { ResourceType: "auto-scaling-group", ResourceId: "untagged", Key: "amint:rollout" };
  await client.send(new DeleteTagsCommand({ Tags: [tag] }));
  await world.ec2().send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: templates.baseless }));
  await world.addGroup("late", { image });
  await world.drive();

  await world.goodIsDone(second);
  const states = await world.states();
  expect(states.gone).toBe("skipped: the group or its tag amint:rollout no longer exists");
  expect(states.untagged).toBe("skipped: the group or its tag amint:rollout no longer exists");
  expect(states.baseless).toMatch(/^skipped: version 1 of its launch template lt-\w+ does not exist/);
  expect(states.late).toBe("done");
  expect(await world.refreshes("untagged")).toEqual([]);
});

test("a group that is deleted, or loses its tag, while its refresh is under way is let go", async () => {
  const world = await openDirect({ rollout: { waves: [{ name: "all", bake: "30m" }] } });
  const first = await world.promote(1);
  await world.addGroup("gone", { image: amiOf(first) });
  await world.addGroup("good", { account: TESTING, image: amiOf(first) });
  const second = await world.follow(2, async () =>
    Object.values(await world.states()).some((state) => state === "refreshing"),
  );
  const [under = ""] = Object.entries(await world.states()).find(([, state]) => state === "refreshing") ?? [];
  const account = under === "good" ? TESTING : PRODUCTION;
  await world
    .autoScaling(account)
    .send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: under, ForceDelete: true }));

  await world.drive();

  const { [under]: left, ...others } = await world.states();
  expect(left).toMatch(/^skipped: the group or its tag/);
  expect(Object.values(others)).toEqual(["done"]);
  expect((await world.record())?.state).toBe("done");
  expect(second.build).toBe((await world.record())?.build);
});

test("a foreign refresh is awaited", async () => {
  const world = await openShop();
  await world.autoScaling().send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: "shop",
      Preferences: { BakeTime: 7200, MinHealthyPercentage: 50 },
    }),
  );

  const second = await world.follow(2, async () => (await world.states()).shop?.startsWith("held") ?? false);
  expect((await world.states()).shop).toMatch(/^held: another instance refresh, [\w-]+, is/);
  await world.drive();

  await world.goodIsDone(second);
  expect(await world.amis("shop")).toEqual([amiOf(second), amiOf(second)]);
  expect(await world.refreshes("shop")).toHaveLength(2);
});

test("a place that does not answer when its groups are listed is listed again", async () => {
  const world = await openShop();
  const upAt = world.clock.now() + HOUR;
  world.around(async ({ service, account }, carryOut) => {
    if (service === "autoscaling" && account === PRODUCTION && world.clock.now() < upAt) {
      throw Object.assign(new Error("down"), { name: "ServiceUnavailable", $metadata: { httpStatusCode: 503 } });
    }
    return carryOut();
  });

  const second = await world.follow(2);

  await world.goodIsDone(second);
  expect(await world.states()).toMatchObject({ shop: "done", "*": "skipped: its groups were listed later" });
  expect(await world.amis("shop")).toEqual([amiOf(second), amiOf(second)]);
});

test("a key that the account may not use fails the launches: the group goes back, and says what EC2 said", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("shop", { image: amiOf(first) });
  const second = await world.follow(2, async () => (await world.states()).shop === "refreshing");
  // Unshared while the refresh is under way: launches fail as they do for a key.
  world.aws.state(ec2State, FACTORY, HOME).images.get(amiOf(second))?.permissions.clear();
  await world.drive();

  const states = await world.states();
  expect(states.shop).toMatch(/^(done|failed: AWS rolled it back: .*Launching EC2 instance failed)/);
});

test("an event moves a group on, and one that comes twice or of nothing changes nothing", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  await world.addGroup("shop", { image: amiOf(first) });
  await world.follow(2, async () => (await world.refreshes("shop"))[0]?.Status === "Baking");
  await world.pass(3 * MINUTE);
  expect((await world.states()).shop).toBe("refreshing");

  expect(await world.hear("shop")).toEqual({ followed: 1 });
  expect((await world.states()).shop).toBe("done");
  // It was the last group: the next turn is taken at once.
  expect((await world.record())?.state).toBe("done");
  const targets = await world.targets();
  expect(await world.hear("shop")).toEqual({ followed: 0 });
  expect(await world.hear("unknown")).toEqual({ followed: 0 });
  expect(await world.targets()).toEqual(targets);

  await world.drive();
  expect((await world.record())?.state).toBe("done");
  expect(await world.hear("shop")).toEqual({ followed: 0 });
});
