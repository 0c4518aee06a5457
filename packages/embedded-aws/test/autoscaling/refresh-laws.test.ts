import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../src/faults/random.ts";
import { simulateFleet } from "../../src/services/autoscaling/fleet.ts";
import { boundsOf, decideStep, type Seen } from "../../src/services/autoscaling/refresh/decide.ts";
import { HOUR, MINUTE, NAME, refreshWorld } from "./refresh-world.ts";

const bounds = fc
  .record({
    desired: fc.integer({ min: 0, max: 12 }),
    min: fc.integer({ min: 0, max: 100 }),
    more: fc.integer({ min: 0, max: 100 }),
    launchFirst: fc.boolean(),
  })
  .map(({ more, ...rest }) => ({ ...rest, max: 100 + Math.min(more, rest.min) }));
const seen = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Seen["kind"]>("done", "old", "old", "kept", "blocked"),
      ready: fc.boolean(),
      standby: fc.boolean().map((standby) => standby),
    }),
    { maxLength: 16 },
  )
  .map((all) => all.map((one, n): Seen => ({ ...one, ready: one.ready && !one.standby, id: `i-${n}` })));

test("no step takes what must stay, launches more than may be, or touches what is kept", () => {
  fc.assert(
    fc.property(bounds, seen, fc.nat(16), (asked, all, quota) => {
      const { terminate, launch } = decideStep({ ...asked, seen: all, quota });
      const { least, most } = boundsOf(asked);
      const readyOf = (some: readonly Seen[]) => some.filter(({ ready }) => ready).length;
      const left = all.filter(({ id }) => !terminate.includes(id));
      const serving = (some: readonly Seen[]) => some.filter(({ standby }) => !standby).length;

      expect(readyOf(left)).toBeGreaterThanOrEqual(Math.min(least, readyOf(all)));
      expect(serving(left) + launch).toBeLessThanOrEqual(Math.max(most, serving(all)));
      expect(serving(left) + launch).toBeGreaterThanOrEqual(Math.min(asked.desired, serving(all)));
      expect(all.filter(({ id, kind }) => terminate.includes(id) && (kind === "kept" || kind === "blocked"))).toEqual(
        [],
      );
      expect(new Set(terminate).size).toBe(terminate.length);
    }),
    { numRuns: 2_000 },
  );
});

/** One history: a refresh of a group, whose new instances may fail, with what a user and alarms do meanwhile. */
async function history(seed: number) {
  const dice = random(seed);
  const upTo = (most: number) => Math.floor(dice() * (most + 1));
  const desired = 1 + upTo(6);
  const min = [0, 30, 50, 75, 90, 99, 100][upTo(6)] ?? 90;
  const max = 100 + upTo(min);
  const { aws, create, start, pass, group, autoScaling, newImage, alarm, refresh } = await refreshWorld();
  const failing = new Set<string>();
  const failures = random(seed + 1);
  const rate = dice() < 0.5 ? 0 : dice();
  let complete = false;
  simulateFleet(aws, {
    health({ imageId, instanceId }) {
      if (imageId !== newImage || failures() >= rate) return undefined;
      failing.add(instanceId);
      return { healthy: false, after: Math.floor(failures() * 50) };
    },
    capacity: () => !complete || failures() >= rate / 2,
  });
  await create({ DesiredCapacity: desired });
  complete = true;
  await alarm("errors");
  const checkpoints = dice() < 0.5 ? { CheckpointPercentages: [1 + upTo(98), 100], CheckpointDelay: upTo(600) } : {};
  await start({
    MinHealthyPercentage: min,
    MaxHealthyPercentage: max,
    AutoRollback: dice() < 0.5,
    BakeTime: upTo(600),
    AlarmSpecification: { Alarms: ["errors"] },
    ...checkpoints,
  });
  const { least } = boundsOf({ desired, min, max, launchFirst: false });
  const named = { AutoScalingGroupName: NAME };
  const meddle = [
    () => autoScaling("CancelInstanceRefresh", { ...named, WaitForTransitioningInstances: dice() < 0.5 }),
    () => autoScaling("RollbackInstanceRefresh", named),
    () => alarm("errors", "ALARM"),
    () => autoScaling("SuspendProcesses", { ...named, ScalingProcesses: ["InstanceRefresh"] }),
    () => autoScaling("ResumeProcesses", { ...named, ScalingProcesses: ["InstanceRefresh"] }),
  ];
  const short: string[] = [];
  for (let step = 0; step < 60; step++) {
    await pass(5 + upTo(step < 40 ? 30 : 600));
    if (dice() < 0.03) await meddle[upTo(meddle.length - 1)]?.().catch(refused);
    const { Instances = [] } = await group();
    const serving = Instances.filter(
      ({ LifecycleState, HealthStatus, InstanceId = "" }) =>
        LifecycleState === "InService" && HealthStatus === "Healthy" && !failing.has(InstanceId),
    ).length;
    if (serving < least) short.push(`seed ${seed}: ${serving} of at least ${least} after step ${step}`);
  }
  await autoScaling("ResumeProcesses", named);
  await pass(12 * HOUR + 5 * MINUTE);
  return { short, status: (await refresh()).Status };
}

/** What is over cannot be cancelled or rolled back. */
function refused(cause: unknown): void {
  if ((cause as Error).name !== "ActiveInstanceRefreshNotFoundFault") throw cause;
}

test("in random histories a group never falls below its minimum, and every refresh ends", async () => {
  const statuses = new Set<string | undefined>();
  for (let seed = 1; seed <= 40; seed++) {
    const { short, status } = await history(seed);
    expect(short).toEqual([]);
    statuses.add(status);
  }
  expect([...statuses].filter((status) => /ing$|InProgress/.test(status ?? ""))).toEqual([]);
  expect(statuses.size).toBeGreaterThan(3);
});
