import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { recordAws, recordsOf } from "embedded-aws/state";
import { expect, test } from "vitest";
import { openClocks, saveClock } from "../../adapters/rollout/exposures.ts";
import { sampleAccount } from "../../functions/rollout/sample-account.ts";
import { watchExposure } from "../../functions/rollout/watch-exposure.ts";
import { IMAGE } from "../world/factory-of.ts";
import { MINUTE } from "../world/time.ts";
import { openExposure, openSeen } from "./exposure-world.ts";

const ADA = "200000000001";
const SHOP = "500000000001";

test("the clock runs from the advisory until no instance has it, over build, channel and replacements", async () => {
  const world = await openExposure({ deployedTo: [ADA, SHOP] });
  const old = await world.promote(1, "1.amzn2023");
  const ada = await world.launch(ADA, old.ami, 2);
  const shop = await world.launch(SHOP, old.ami, 8);
  await world.launch(SHOP, old.ami, 1, "other/stable");
  await world.see(old);
  const seenAt = world.clock.now();

  await world.pass(5 * MINUTE);
  await world.look();
  const first = await world.clockOf();
  const fixed = await world.promote(2, "2.amzn2023");
  for (const [account, group] of [
    [ADA, ada],
    [SHOP, shop],
  ] as const) {
    await world.use(account, group, fixed.ami);
  }
  await world.replace(SHOP, shop, 7);
  await world.look();
  const most = await world.clockOf();
  const cells = await world.cells();
  await world.replace(SHOP, shop, 8);
  await world.replace(ADA, ada, 2);
  await world.look();
  const done = await world.clockOf();

  expect(first).toMatchObject({
    publishedAt: "2026-04-01",
    seenAt: new Date(seenAt).toISOString(),
    totals: { accounts: 2, unknown: 0, refused: 0, population: 10, left: 10, fresh: 0 },
    milestones: {},
  });
  expect(first.fix).toBeUndefined();
  expect(most.fix).toMatchObject({ build: fixed.build, sharedAt: expect.any(String), builtAt: expect.any(String) });
  expect(most.totals).toMatchObject({ population: 10, left: 3 });
  expect(Object.keys(most.milestones)).toEqual(["p50"]);
  expect(cells.get(SHOP)?.known).toMatchObject({ population: 8, left: 1 });
  expect(cells.get(ADA)?.known).toMatchObject({ population: 2, left: 2 });
  expect(done.totals).toMatchObject({ population: 10, left: 0, fresh: 0 });
  expect(done.milestones.p90).toEqual(done.milestones.p100);
  const seconds = (world.clock.now() - seenAt) / 1000;
  expect(done.milestones.p100).toEqual({ seconds, within: seconds - (most.totals?.heard ?? 0) });
  expect(done.ended?.why).toBe("patched");
});

test("instances are counted closely from when the channel points at the fix until none has the advisory", async () => {
  const world = await openSeen({ deployedTo: [ADA] }, 2);

  await world.look();
  const before = await world.schedules();
  const fixed = await world.promote(2, "2.amzn2023");
  await watchExposure({ image: IMAGE, channel: "stable" }, world.step());
  await world.look();
  const during = await world.schedules();
  await world.use(ADA, world.group, fixed.ami);
  await world.replace(ADA, world.group, 1);
  await world.lookClosely();
  const halfway = await world.schedules();
  await world.replace(ADA, world.group, 2);
  await world.lookClosely();

  expect([before, during, halfway]).toEqual([[], ["closely"], ["closely"]]);
  expect(await world.schedules()).toEqual([]);
  expect((await world.clockOf()).ended?.why).toBe("patched");
});

test("a close count asks only accounts with instances left; the error of a percentile is that of their answers", async () => {
  const world = await openSeen({ deployedTo: [ADA, SHOP] }, 2);
  await world.look();
  const fixed = await world.promote(2, "2.amzn2023");
  await world.use(ADA, world.group, fixed.ami);
  await world.pass(50 * MINUTE);

  const first = await world.lookClosely();
  await world.replace(ADA, world.group, 2);
  const started = world.clock.now();
  const second = await world.lookClosely();

  const { milestones, totals } = await world.clockOf();
  expect([first.accounts, second.accounts]).toEqual([1, 1]);
  expect(totals).toMatchObject({ accounts: 2, unknown: 0, population: 2, left: 0 });
  expect(milestones.p100?.within).toBeLessThanOrEqual((world.clock.now() - started) / 1000 + 15 * 60);
  expect(milestones.p100?.within).toBeLessThan(50 * 60);
});

test("a schedule of close counts without a clock ends itself, once", async () => {
  const world = await openSeen({ deployedTo: [ADA] });
  await world.promote(2, "2.amzn2023");
  await world.look();
  const clock = await world.clockOf();
  await saveClock(world.ledger, clock, {
    ...clock,
    ended: { at: new Date(world.clock.now()).toISOString(), why: "patched" },
  });

  const running = await world.schedules();
  await world.lookClosely();
  await world.lookClosely();

  expect(running).toEqual(["closely"]);
  expect(await world.schedules()).toEqual([]);
});

test("a schedule of close counts ends itself beside a clock that waits for its fix", async () => {
  const world = await openSeen({ deployedTo: [ADA] });
  const fixed = await world.promote(2, "2.amzn2023");
  await world.look();
  const { fix: _, ...clock } = await world.clockOf();
  const at = new Date(world.clock.now()).toISOString();
  const waiting = { ...clock, advisory: "ALAS2023-2026-2", stillOpen: [fixed.build], sampledAt: at };
  await openClocks(world.ledger, [waiting]);
  await saveClock(world.ledger, await world.clockOf(), { ...(await world.clockOf()), ended: { at, why: "patched" } });

  const running = await world.schedules();
  await world.lookClosely();

  expect(running).toEqual(["closely"]);
  expect(await world.schedules()).toEqual([]);
});

test("a fix that reached its channel a week ago is counted hourly", async () => {
  const world = await openSeen({ deployedTo: [ADA] });
  await world.promote(2, "2.amzn2023");
  await world.look();

  const first = await world.schedules();
  await world.pass(7 * 24 * 60 * MINUTE);
  await world.lookClosely();
  await world.look();

  expect(first).toEqual(["closely"]);
  expect(await world.schedules()).toEqual([]);
  expect((await world.clockOf()).ended).toBeUndefined();
});

test("instances are counted every six hours until the channel points at the fix", async () => {
  const world = await openSeen({ deployedTo: [ADA] }, 2);
  await world.look();

  const asked: number[] = [];
  for (let hours = 1; hours <= 6; hours++) {
    await world.pass(60 * MINUTE);
    asked.push((await world.look()).accounts);
  }

  expect(asked).toEqual([0, 0, 0, 0, 0, 1]);
});

test("until the channel points at the fix, an account without affected instances is asked once a day", async () => {
  const world = await openSeen({ deployedTo: [ADA, SHOP] });

  const asked: number[] = [];
  for (let looks = 0; looks < 6; looks++) {
    asked.push((await world.look()).accounts);
    await world.pass(6 * 60 * MINUTE);
  }
  await world.promote(2, "2.amzn2023");
  asked.push((await world.look()).accounts);

  expect(asked).toEqual([2, 1, 1, 1, 2, 1, 2]);
});

test("instances that are launched from an affected build since count apart", async () => {
  const world = await openSeen({ deployedTo: [ADA] }, 2);
  await world.look();

  await world.resize(ADA, world.group, 5);
  await world.pass(6 * 60 * MINUTE);
  await world.look();

  expect((await world.clockOf()).totals).toMatchObject({ population: 2, left: 2, fresh: 3 });
});

test("an account that fails is not known, and never patched: what it last answered counts", async () => {
  const world = await openExposure({ deployedTo: [ADA, SHOP] });
  const old = await world.promote(1, "1.amzn2023");
  const ada = await world.launch(ADA, old.ami, 1);
  await world.launch(SHOP, old.ami, 1);
  await world.see(old);
  await world.look();
  const forbid = { RoleName: "amint-sharing-rollout", PolicyName: "forbidden" };
  const iam = world.client(IAMClient, { account: SHOP });
  const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "ec2:*", Resource: "*" }] };
  await iam.send(new PutRolePolicyCommand({ ...forbid, PolicyDocument: JSON.stringify(deny) }));

  const fixed = await world.promote(2, "2.amzn2023");
  await world.use(ADA, ada, fixed.ami);
  await world.replace(ADA, ada, 1);
  await world.look();
  const during = await world.clockOf();
  const cells = await world.cells();
  await iam.send(new DeleteRolePolicyCommand(forbid));
  await world.look();
  const after = await world.clockOf();

  expect(during.totals).toMatchObject({ population: 2, left: 1 });
  expect(Object.keys(during.milestones)).toEqual(["p50"]);
  expect(cells.get(SHOP)?.failed?.why).toContain("UnauthorizedOperation");
  expect(cells.get(SHOP)?.known).toMatchObject({ population: 1, left: 1 });
  expect(after.totals).toMatchObject({ population: 2, left: 1 });
  expect((await world.cells()).get(SHOP)?.failed).toBeUndefined();
});

test("without a running clock, only the ledger is read, once", async () => {
  const world = await openExposure({ deployedTo: [ADA] });
  recordAws(world.aws);
  const { calls } = recordsOf(world.aws);
  const before = calls.after(0).at(-1)?.number ?? 0;

  const { accounts } = await world.look();

  const asked = calls.after(before);
  expect(accounts).toBe(0);
  expect(asked.map(({ operation }) => operation)).toEqual(["Query"]);
});

test("an advisory has one clock, ever: seen again after its end, it starts none", async () => {
  const world = await openExposure({ deployedTo: [ADA] });
  const old = await world.promote(1, "1.amzn2023");
  const startedAt = new Date(world.clock.now() - MINUTE).toISOString();
  const first = await world.see(old, startedAt);
  const again = await world.see(old, startedAt);
  await world.look();

  const after = await world.see(old, startedAt);

  expect([first, again, after]).toEqual([1, 0, 0]);
  expect((await world.clockOf()).ended?.why).toBe("nothing-to-patch");
});

test("two concurrent runs keep one clock", async () => {
  const world = await openSeen({ deployedTo: [ADA] });
  const before = await world.clockOf();
  await world.look();

  const kept = await saveClock(world.ledger, before, { ...before, milestones: { p50: { seconds: 1, within: 1 } } });

  expect(kept).toBe(false);
  expect((await world.clockOf()).milestones).toEqual({});
});

test("more accounts than an invocation asks are left to the next one, and only the last one decides over the whole", async () => {
  const world = await openSeen({ deployedTo: [ADA], more: 320 });

  const first = await world.look();
  const between = await world.clockOf();
  const [next] = world.later;
  const second = await watchExposure(next as { page: number }, world.step());
  const { totals } = await world.clockOf();

  expect(first.accounts).toBeLessThanOrEqual(300);
  expect(first.accounts + second.accounts).toBe(321);
  expect(between.totals).toBeUndefined();
  expect(world.later.length).toBe(1);
  expect(totals).toMatchObject({ accounts: 321, unknown: 0, refused: 320, population: 1, left: 1 });
});

test("an account is known when all its regions answer, and otherwise not at all", async () => {
  const world = await openExposure({ deployedTo: [ADA] });
  const old = await world.promote(1, "1.amzn2023");
  await world.launch(ADA, old.ami, 2);
  const channels = [{ image: "base", channel: "stable", regions: ["eu-west-1", "us-east-1"] }];
  const sample = () => sampleAccount(ADA, channels, world.step());
  const answered = await sample();
  const Condition = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
  const deny = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Action: "autoscaling:*", Resource: "*", Condition }],
  };

  await world.client(IAMClient, { account: ADA }).send(
    new PutRolePolicyCommand({
      RoleName: "amint-sharing-rollout",
      PolicyName: "forbidden",
      PolicyDocument: JSON.stringify(deny),
    }),
  );
  const refused = await sample();

  expect("instances" in answered && answered.instances.get("base/stable")?.map(({ ami }) => ami)).toEqual([
    old.ami,
    old.ami,
  ]);
  expect(refused).toEqual({ failed: { why: expect.stringContaining("AccessDenied"), refused: true } });
});
