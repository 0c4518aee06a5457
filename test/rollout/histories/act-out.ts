import { CancelInstanceRefreshCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { simulateFleet } from "embedded-aws/instances";
import { HOME } from "../../world/factory-of.ts";
import type { Built } from "../rollout-driver.ts";
import type { DirectWorld } from "./direct-world.ts";
import type { Troubles } from "./disturb.ts";
import { ACCOUNTS, type Act, type History } from "./draw-history.ts";

interface Stage {
  readonly builds: Built[];
  readonly revoked: Set<string>;
  readonly refused: Set<string>;
  readonly troubles: Troubles;
}

/** Performs a history's actions. */
export function actor(world: DirectWorld, history: History, { builds, revoked, refused, troubles }: Stage) {
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
