import { setTimeout as realSleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";

const START = Date.UTC(2026, 3, 1, 8);
const HOUR = 3_600_000;

describe("the virtual clock", () => {
  it("acts in the order of time, and of setting within the same time", async () => {
    const clock = new VirtualClock(START);
    const acted: string[] = [];

    clock.after(2 * HOUR, () => void acted.push(`late ${clock.now() - START}`));
    clock.after(HOUR, () => void acted.push(`first ${clock.now() - START}`));
    clock.after(HOUR, () => void acted.push("second"));
    clock.after(HOUR, () => void acted.push("never"))();
    await clock.runUntil(START + 3 * HOUR);

    expect(acted).toEqual([`first ${HOUR}`, "second", `late ${2 * HOUR}`]);
    expect(clock.now()).toBe(START + 3 * HOUR);
  });

  it("stands still while work is held", async () => {
    const clock = new VirtualClock(START);
    let seen = 0;

    clock.after(0, async () => {
      await clock.hold(realSleep(30));
      seen = clock.now();
    });
    clock.after(HOUR, () => {});
    await clock.runUntil(START + HOUR);

    expect(seen).toBe(START);
  });

  it("wakes a sleeper, or rejects it when aborted", async () => {
    const clock = new VirtualClock(START);
    const abort = new AbortController();

    const slept = clock.sleep(HOUR).then(() => clock.now());
    const aborted = clock.sleep(2 * HOUR, abort.signal);
    abort.abort(new Error("enough"));
    const refusal = expect(aborted).rejects.toThrow("enough");
    await clock.runUntil(START + 3 * HOUR);

    expect(await slept).toBe(START + HOUR);
    await refusal;
  });

  it("rejects for the caller that lets time pass if a timer fails", async () => {
    const clock = new VirtualClock(START);

    clock.after(HOUR, () => Promise.reject(new Error("the rule is broken")));

    await expect(clock.runUntil(START + 2 * HOUR)).rejects.toThrow("the rule is broken");
  });

  it("advances as far as work needs that waits for time, and no further", async () => {
    const clock = new VirtualClock(START);
    const acted: number[] = [];
    for (const hours of [1, 2, 4]) clock.after(hours * HOUR, () => void acted.push(hours));
    const work = async () => {
      await clock.sleep(HOUR);
      await clock.hold(realSleep(20));
      await clock.sleep(2 * HOUR);
      return "done";
    };

    const answer = await clock.runUntilDone(work(), { withinMs: 5 * HOUR });
    const then = clock.now();
    const atOnce = await clock.runUntilDone(Promise.resolve("at once"));

    expect([answer, atOnce]).toEqual(["done", "at once"]);
    expect(acted).toEqual([1, 2]);
    expect([then, clock.now()]).toEqual([START + 3 * HOUR, START + 3 * HOUR]);
  });

  it("rejects as the work does, and work that is not done in the given time", async () => {
    const clock = new VirtualClock(START);
    const failing = clock.sleep(HOUR).then(() => Promise.reject(new Error("the part is missing")));

    await expect(clock.runUntilDone(failing, { withinMs: HOUR })).rejects.toThrow("the part is missing");
    await expect(clock.runUntilDone(new Promise(() => {}))).rejects.toThrow("not done after 900 seconds");
    expect(clock.now()).toBe(START + HOUR + 900_000);
  });

  it("only waits for the work if time passes by itself", async () => {
    const clock = new VirtualClock(START);
    const stop = clock.race();

    const answer = await clock.runUntilDone(clock.sleep(HOUR).then(() => clock.now()));
    stop();

    expect(answer).toBe(START + HOUR);
  });

  it("stands unless it is advanced, passes by itself, or work is held", async () => {
    const clock = new VirtualClock(START);
    const seen = [clock.standing];
    clock.after(HOUR, () => void seen.push(clock.standing));

    await clock.runUntil(START + HOUR);
    await Promise.all([clock.hold(realSleep(5)), seen.push(clock.standing)]);
    for (const start of [() => clock.follow(), () => clock.race()]) {
      const stop = start();
      seen.push(clock.standing);
      stop();
    }
    seen.push(clock.standing);

    expect(seen).toEqual([true, false, false, false, false, true]);
  });

  it("passes hourly ticks among thousands of timers at under 0.2 ms a tick", async () => {
    const clock = new VirtualClock(START);
    let ticks = 0;
    const tick = (): void => {
      ticks++;
      clock.after(HOUR, tick);
    };
    for (let n = 0; n < 5000; n++) clock.after(900 * 24 * HOUR + n, () => {});
    clock.after(HOUR, tick);

    // The best of three months: others use this machine too.
    const months: number[] = [];
    for (let month = 1; month <= 3; month++) {
      const begun = performance.now();
      await clock.runUntil(START + month * 30 * 24 * HOUR);
      months.push(performance.now() - begun);
    }

    expect(ticks).toBe(3 * 720);
    expect(Math.min(...months) / 720).toBeLessThan(0.2);
  });

  it("follows real time until stopped, reports failures, and jumps at any time", async () => {
    const clock = new VirtualClock(START);
    const acted: number[] = [];
    const failures: unknown[] = [];
    clock.after(40, () => void acted.push(clock.now() - START));
    clock.after(50, () => Promise.reject(new Error("lost")));
    clock.after(HOUR, () => void acted.push(clock.now() - START));

    const stop = clock.follow({ onFailure: (cause) => failures.push(cause) });
    await realSleep(120);
    stop();
    const stopped = clock.now();
    await realSleep(20);

    expect(acted).toHaveLength(1);
    expect(acted[0]).toBeGreaterThanOrEqual(40);
    expect(failures).toEqual([new Error("lost")]);
    expect(stopped - START).toBeGreaterThanOrEqual(100);
    expect(clock.now()).toBe(stopped);
    const followAgain = clock.follow();
    await Promise.all([clock.runUntil(START + HOUR), clock.runUntil(START + 2 * HOUR)]);
    const landed = clock.now();
    await realSleep(60);
    followAgain();
    expect(acted[1]).toBe(HOUR);
    expect(landed - START).toBeGreaterThanOrEqual(2 * HOUR);
    expect(landed - START).toBeLessThan(2 * HOUR + 30_000);
    expect(clock.now() - landed).toBeGreaterThanOrEqual(40);
    expect(clock.now() - landed).toBeLessThan(30_000);
  });
});
