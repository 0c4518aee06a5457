import { setTimeout as realSleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { afterWork } from "../../src/engine/clock/clock.ts";
import { RealClock } from "../../src/engine/clock/real-clock.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";

const START = Date.UTC(2026, 3, 1, 8);
const HOUR = 3_600_000;

/** A schedule that comes every hour for ever. */
function everyHour(clock: VirtualClock): number[] {
  const times: number[] = [];
  const tick = () => {
    times.push((clock.now() - START) / HOUR);
    clock.after(HOUR, tick, { recurring: true });
  };
  clock.after(HOUR, tick, { recurring: true });
  return times;
}

describe("virtual time that races", () => {
  it("jumps to whatever waits as soon as nothing is in flight, and then rests", async () => {
    const clock = new VirtualClock(START);
    const stop = clock.race();

    const woken = await clock.sleep(2 * HOUR).then(() => clock.now() - START);
    await realSleep(20);
    const rested = clock.now() - START;
    await clock.sleep(HOUR);
    stop();

    expect([woken, rested, clock.now() - START]).toEqual([2 * HOUR, 2 * HOUR, 3 * HOUR]);
  });

  it("is not driven by schedules, which act when it comes past them", async () => {
    const clock = new VirtualClock(START);
    const times = everyHour(clock);
    const stop = clock.race();

    await realSleep(20);
    const idle = times.length;
    await clock.sleep(2.5 * HOUR);
    await realSleep(20);
    stop();

    expect(idle).toBe(0);
    expect(times).toEqual([1, 2]);
  });

  it("also runs schedules up to a requested time", async () => {
    const clock = new VirtualClock(START);
    const times = everyHour(clock);
    const stop = clock.race();

    await clock.runUntil(START + 3.5 * HOUR);
    await realSleep(20);
    stop();

    expect(times).toEqual([1, 2, 3]);
    expect(clock.now() - START).toBe(3.5 * HOUR);
  });

  it("reaches a requested time although something always waits, and reports that time", async () => {
    const clock = new VirtualClock(START);
    const stop = clock.race();
    const goOn = () => void clock.after(0.75 * HOUR, goOn);
    goOn();

    const times = await Promise.all([5.5, 3.5, 3].map((h) => clock.runUntil(START + h * HOUR).then(() => clock.now())));
    stop();

    expect(times.map((time) => (time - START) / HOUR)).toEqual([5.5, 3.5, 3]);
  });

  it("stands still while work is held, and after it was stopped", async () => {
    const clock = new VirtualClock(START);
    const stop = clock.race();
    let acted = 0;
    clock.after(HOUR, () => void acted++);

    await clock.hold(realSleep(30));
    const held = acted;
    await clock.sleep(2 * HOUR);
    stop();
    clock.after(HOUR, () => void acted++);
    await realSleep(20);

    expect([held, acted]).toEqual([0, 1]);
    expect(clock.now() - START).toBe(2 * HOUR);
  });

  it("reports a timer's failure and continues", async () => {
    const clock = new VirtualClock(START);
    const failures: unknown[] = [];
    const stop = clock.race({ onFailure: (cause) => failures.push(cause) });

    clock.after(HOUR, () => Promise.reject(new Error("lost")));
    await clock.sleep(2 * HOUR);
    stop();

    expect(failures).toEqual([new Error("lost")]);
    expect(clock.now() - START).toBe(2 * HOUR);
  });
});

describe("the real clock", () => {
  it("acts after real milliseconds, unless cancelled or stopped", async () => {
    const clock = new RealClock();
    const acted: string[] = [];

    clock.after(5, () => void acted.push("soon"));
    clock.after(5, () => void acted.push("cancelled"))();
    clock.after(20, () => void acted.push("stopped"));
    await clock.sleep(10);
    clock.stop();
    await new Promise((resolve) => setTimeout(resolve, 30));

    expect(acted).toEqual(["soon"]);
  });

  it("speeds up AWS's own work, and no other time", async () => {
    const clock = new RealClock({ speed: 60 });
    const acted: string[] = [];

    const cancel = clock.after(600, () => void acted.push("agreed"));
    afterWork(clock, 600, () => void acted.push("worked"));
    await clock.sleep(1_200);
    cancel();

    expect(acted).toEqual(["worked"]);
  });

  it("waits longer than Node's timers can", async () => {
    const clock = new RealClock();
    let acted = false;

    const cancel = clock.after(40 * 24 * 3_600_000, () => {
      acted = true;
    });
    await clock.sleep(10);
    cancel();

    expect(acted).toBe(false);
  });
});
