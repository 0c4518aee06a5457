import { publishedLimit } from "embedded-aws";
import { expect, test } from "vitest";
import { HOME } from "../world/factory-of.ts";
import { MINUTE } from "../world/time.ts";
import { openDirect } from "./histories/direct-world.ts";
import { BUILDING, ONE_WAVE, PRODUCTION, TESTING } from "./rollout-driver.ts";

const GROUPS = 30;
/** Groups of a place that are refreshed at a time. */
const AT_ONCE = 5;
/** The first group, and all others. */
const STEPS = 2;

test("the calls of a roll-out to thirty groups in one account and region stay below AWS's published rates", async () => {
  const world = await openDirect({ rollout: ONE_WAVE });
  const first = await world.promote(1);
  for (let nth = 0; nth < GROUPS; nth++) {
    await world.addGroup(`group-${nth}`, { image: first.amis[HOME], desired: 1 + (nth % 3), settle: 0 });
  }
  await world.pass(5 * MINUTE);
  const calls: { readonly service: string; readonly operation: string; readonly input: object; readonly at: number }[] =
    [];
  world.around(({ service, operation, account, input }, carryOut) => {
    if (account === PRODUCTION) calls.push({ service, operation, input, at: world.clock.now() });
    return carryOut();
  });

  await world.follow(2);

  expect(new Set(Object.values(await world.states()))).toEqual(new Set(["done"]));
  const inMinutes = Map.groupBy(calls, ({ at }) => Math.floor(at / MINUTE));
  for (const [minute, some] of inMinutes) {
    for (const [operation, same] of Map.groupBy(some, (one) => `${one.service} ${one.operation}`)) {
      const [one] = same;
      const limit = one && publishedLimit(one.service, one.operation, { ...one.input });
      const where = `${operation} in minute ${minute}: ${same.length}`;
      // All of them may come at once: those of the burst, and none of those that a minute adds.
      if (limit) expect(same.length, where).toBeLessThanOrEqual(limit.account.burst / 2);
    }
    // Of Auto Scaling AWS publishes no rate: each group under way is asked about, and begun, once.
    const scaling = some.filter(({ service }) => service === "autoscaling");
    const of = (operation: string) => scaling.filter((one) => one.operation === operation).length;
    // Where a step ends, the next one's groups are listed in the same turn.
    expect(of("DescribeAutoScalingGroups"), `minute ${minute}`).toBeLessThanOrEqual(3);
    expect(of("DescribeInstanceRefreshes"), `minute ${minute}`).toBeLessThanOrEqual(2 * AT_ONCE);
    expect(of("StartInstanceRefresh"), `minute ${minute}`).toBeLessThanOrEqual(AT_ONCE);
  }
  const listed = calls.filter(({ operation }) => operation === "DescribeAutoScalingGroups").length;
  expect(listed).toBeLessThanOrEqual(inMinutes.size + 2 * STEPS);
  const made = calls.filter(({ operation }) => operation === "CreateLaunchTemplateVersion");
  expect(made).toHaveLength(GROUPS);
  expect(calls.filter(({ operation }) => operation === "StartInstanceRefresh")).toHaveLength(GROUPS);
});

test("after its first group, the first wave asks only the places of its groups; the next finds one that joined elsewhere", async () => {
  const world = await openDirect();
  const { amis } = await world.promote(1);
  await world.addGroup("web", { account: BUILDING, image: amis[HOME] });
  await world.addGroup("shop", { image: amis[HOME] });
  const listed = [new Set<string>(), new Set<string>(), new Set<string>()];
  world.around(async ({ operation, account, input }, carryOut) => {
    const step = (await world.record())?.index ?? 0;
    if (operation === "DescribeAutoScalingGroups" && "Filters" in input) listed[step]?.add(account);
    return carryOut();
  });

  await world.follow(2, async () => (await world.states()).web === "refreshing");
  await world.addGroup("late", { account: TESTING, image: amis[HOME] });
  await world.drive();

  expect(listed.map((accounts) => [...accounts].toSorted())).toEqual([
    [BUILDING, TESTING, PRODUCTION],
    [BUILDING],
    [BUILDING, TESTING, PRODUCTION],
  ]);
  expect(await world.states()).toEqual({ web: "done", late: "done", shop: "done" });
});
