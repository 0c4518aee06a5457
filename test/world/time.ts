import { type Clock, VirtualClock } from "embedded-aws";

/** Start of tests' time: a Wednesday morning. */
export const BEGIN = Date.UTC(2026, 3, 1, 8);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const passing =
  (clock: Clock) =>
  (ms: number): Promise<void> =>
    clock instanceof VirtualClock ? clock.runUntil(clock.now() + ms) : clock.sleep(ms);

/** Advances time until the work has ended. */
export const through =
  (clock: Clock) =>
  async <Done>(work: Promise<Done>): Promise<Done> => {
    let over = false;
    const done = work.finally(() => {
      over = true;
    });
    done.catch(() => {});
    while (!over) await passing(clock)(1_000);
    return done;
  };

/** Lets time pass, and looks every minute. @returns whether `until` holds */
export async function passUntil(
  pass: (ms: number) => Promise<void>,
  ms: number,
  until: () => boolean | Promise<boolean>,
): Promise<boolean> {
  for (let left = ms; left > 0; left -= MINUTE) {
    if (await until()) return true;
    await pass(Math.min(left, MINUTE));
  }
  return false;
}
