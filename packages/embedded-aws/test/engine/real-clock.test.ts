import { describe, expect, it } from "vitest";
import { RealClock } from "../../src/engine/clock/real-clock.ts";

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
