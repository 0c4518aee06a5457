import { CancelInstanceRefreshCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { readAutoScaling, simulateFleet } from "embedded-aws/instances";
import { autoScalingState } from "embedded-aws/state";
import { hasEnded } from "../../../core/rollout/records.ts";
import { HOME } from "../../world/factory-of.ts";
import { MINUTE } from "../../world/time.ts";
import type { Built } from "../rollout-driver.ts";
import { type DirectWorld, openDirect } from "./direct-world.ts";
import { disturb, type Troubles } from "./disturb.ts";
import {
  ACCOUNTS,
  type Act,
  type DrawnGroup,
  drawHistory,
  type History,
  LAST_MINUTE,
  waveOfAccount,
} from "./draw-history.ts";
import { watchHistory } from "./watch-history.ts";

interface Stage {
  readonly builds: Built[];
  readonly revoked: Set<string>;
  readonly refused: Set<string>;
  readonly troubles: Troubles;
}

/** Performs a history's actions. */
function actor(world: DirectWorld, history: History, { builds, revoked, refused, troubles }: Stage) {
  const sick = { ami: "", group: "" };
  simulateFleet(world.aws, {
    health: ({ imageId, group }) => ({ healthy: imageId !== sick.ami || group !== sick.group, after: 30 }),
  });
  const setAlarm = async (StateValue: "ALARM" | "OK", dice: number) => {
    if (!history.rollout.alarms) return;
    await world.setAlarm(ACCOUNTS[Math.floor(dice * ACCOUNTS.length)]!, StateValue);
  };
  const steer = (action: "halt" | "resume" | "back") => world.steer(action).catch(() => undefined);

  return async ({ deed, dice }: Act): Promise<void> => {
    const { name, account } = history.groups[Math.floor(dice * history.groups.length)]!;
    const client = world.autoScaling(account);
    switch (deed) {
      case "promote":
        builds.push(await world.promote(builds.length + 1));
        if (dice < 0.7) await troubles.attempt(world.start);
        return;
      case "ungated": {
        const built = await world.build(builds.length + 1, false);
        builds.push(built);
        refused.add(built.build);
        await world.point(built);
        return void (await troubles.attempt(world.start));
      }
      case "restore": {
        const again = builds.find(({ build }) => revoked.has(build));
        if (!again) return;
        await world.restore(again);
        revoked.delete(again.build);
        refused.delete(again.build);
        return;
      }
      case "revoke": {
        const good = builds.filter(({ build }) => !refused.has(build));
        const bad = dice < 0.7 ? good.at(-1) : good[0];
        const next = good.findLast((one) => one !== bad);
        if (!bad || !next) return;
        revoked.add(bad.build);
        refused.add(bad.build);
        await world.revoke(bad, next);
        if (dice < 0.8) await troubles.attempt(world.start);
        return;
      }
      case "halt":
      case "resume":
      case "back":
        return void (await steer(deed));
      case "crash":
        Object.assign(troubles.now, { left: 1 + Math.floor(dice * 40), carriedOut: (dice * 1000) % 2 < 1 });
        return;
      case "cancel":
        await client.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name })).catch(() => undefined);
        return;
      case "scale":
        await client
          .send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: Math.floor(dice * 6) }))
          .catch(() => undefined);
        return;
      case "sicken":
        Object.assign(sick, { ami: builds.at(-1)?.amis[HOME], group: name });
        return;
      case "heal":
        Object.assign(sick, { ami: "", group: "" });
        return;
      case "ring":
        return setAlarm("ALARM", dice);
      case "silence":
        return setAlarm("OK", dice);
      case "suspend":
        return void (await world.suspend(name, account));
      case "release":
        return void (await world.release(name, account));
      case "hear":
        await troubles.attempt(() => world.hear(name, account));
        return;
      case "fault":
        troubles.now.rate = dice * 0.1;
        return;
      case "calm":
        troubles.now.rate = 0;
    }
  };
}

/** More turns than the longest history needs without obstacles. */
const MOST_TURNS = 400;
const HOUR_MINUTES = 60;

interface Lived {
  readonly broken: readonly string[];
  /** How it ended: the state of its last roll-out. */
  readonly state: string;
}

/** Runs a history; at the end all obstacles are removed, and the roll-out must end. */
export async function liveHistory(seed: number): Promise<Lived> {
  const history = drawHistory(seed);
  const world = await openDirect({ rollout: history.rollout });
  readAutoScaling(world.aws, history.readings);
  const builds = [await world.promote(1)];
  if (history.rollout.alarms) await world.addAlarms(...ACCOUNTS);
  for (const group of history.groups) await addGroup(world, history, group, builds[0]!);
  await world.pass(5 * MINUTE);
  const revoked = new Set<string>();
  /** Revoked builds, and builds that did not pass their gate. */
  const refused = new Set<string>();
  const watch = watchHistory(world, refused, builds);
  const troubles = disturb(world, watch, seed);
  const act = actor(world, history, { builds, revoked, refused, troubles });

  builds.push(await world.promote(2));
  await troubles.attempt(world.start);
  const begin = world.clock.now();
  const acts = [...history.acts];
  for (let looked = begin; world.clock.now() < begin + LAST_MINUTE * MINUTE; ) {
    const minute = (world.clock.now() - begin) / MINUTE;
    for (let next = acts[0]; next && next.minute <= minute; next = acts[0]) {
      acts.shift();
      await act(next);
    }
    const seconds = await troubles.turn();
    await troubles.hear(history.groups);
    if (world.clock.now() - looked >= HOUR_MINUTES * MINUTE) {
      looked = world.clock.now();
      await troubles.attempt(world.start);
    }
    const until = begin + (acts[0]?.minute ?? LAST_MINUTE) * MINUTE;
    await passUntil(
      world,
      Math.min(world.clock.now() + Math.max(seconds, 60) * 1000, Math.max(until, world.clock.now() + MINUTE)),
    );
  }
  await release(world, history, troubles);
  await finish(world, watch.broken);
  watch.end();
  const state = (await world.record())?.state ?? "none";
  return { broken: watch.broken.map((what) => `history ${seed}: ${what}`), state };
}

/** Without obstacles, every roll-out ends, or reports why it waits for an operator. */
async function finish(world: DirectWorld, broken: string[]): Promise<void> {
  for (let hours = 0; hours < 3; hours++) {
    await world.start();
    try {
      await world.drive(undefined, MOST_TURNS);
    } catch (failure) {
      // Its owner cancelled it, and the group's own AMI was revoked meanwhile: then AWS waits for instances that never
      // launch.
      if (Object.values(await world.states()).includes("refreshing: its refresh is being cancelled")) return;
      const record = await world.record();
      const states = JSON.stringify(await world.states());
      broken.push(`it does not end: ${failure}; ${record?.state}, ${record?.why}, ${states}`);
      return;
    }
    await world.pass(HOUR_MINUTES * MINUTE);
  }
  const record = await world.record();
  if (!record) return;
  if (!hasEnded(record) && !(record.state === "halted" && record.why)) {
    broken.push(`it rests ${record.state}, because of ${record.why}`);
  }
  if (!record.told) broken.push("no event says how it ended");
  for (const target of await world.targets()) {
    const said = `${target.group} is ${target.state}, because of ${target.why}`;
    if (target.intent) broken.push(`${said}, with an intent`);
    if ((target.state === "failed" || target.state === "skipped" || target.state === "held") && !target.why)
      broken.push(said);
    if (target.state === "returning" || target.state === "refreshing")
      broken.push(`${said}, though nothing is under way`);
    const group = world.aws.state(autoScalingState, target.account, HOME).groups.get(target.group);
    const isAs = target.state === "done" && !target.why && group && group.desired > 0 && record.state === "done";
    if (!isAs) continue;
    const amis = new Set(await world.amis(target.group, target.account));
    if (!amis.has(record.amis[HOME] ?? ""))
      broken.push(`${said}, and runs ${[...amis]} instead of ${record.amis[HOME]}`);
  }
}

/** Skips minutes in which no refresh changes its state. */
async function passUntil(world: DirectWorld, until: number): Promise<void> {
  const look = () =>
    ACCOUNTS.flatMap((account) => [...world.aws.state(autoScalingState, account, HOME).groups.values()])
      .map(({ refreshes }) => `${refreshes.length} ${refreshes.at(-1)?.status}`)
      .join();
  const before = look();
  const patience = world.clock.now() + 30 * MINUTE;
  do await world.pass(MINUTE);
  while (look() === before && world.clock.now() < Math.max(until, Math.min(patience, until + 10 * MINUTE)));
}

async function addGroup(world: DirectWorld, history: History, group: DrawnGroup, { amis }: Built): Promise<void> {
  const { name, account, mode, desired } = group;
  const ami = amis[HOME];
  const image = mode === "ring" ? world.ring(waveOfAccount(history, account)) : mode === "copy" ? world.copy : ami;
  const mixed =
    mode === "mixed"
      ? [{ InstanceType: "t3.micro" }]
      : mode === "override"
        ? [{ InstanceType: "t3.micro", ImageId: ami }]
        : undefined;
  await world.addGroup(name, { account, image, desired, settle: 0, ...(mixed && { mixed }) });
}

/** Removes all obstacles. */
async function release(world: DirectWorld, history: History, { now }: Troubles): Promise<void> {
  Object.assign(now, { rate: 0, left: Number.POSITIVE_INFINITY });
  simulateFleet(world.aws, {});
  for (const { name, account } of history.groups) await world.release(name, account);
  if (!history.rollout.alarms) return;
  for (const account of ACCOUNTS) await world.setAlarm(account, "OK");
}
