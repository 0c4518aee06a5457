import { AwsError } from "../operation.ts";
import type { Clock } from "./clock.ts";
import { afterRealTime } from "./real-time.ts";

/** How long a client waits while time stands still, in real milliseconds. */
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Answers a client that does not advance time itself. Some answers come only when time passes: a function sleeps, a
 * queue is polled, an injected fault delays an answer.
 * @throws AwsError TimeStandsStill if time stands still for 20 real seconds before the answer
 */
export async function answeredInTime<T>(clock: Clock, answer: Promise<T>): Promise<T> {
  const { promise: standstill, reject } = Promise.withResolvers<never>();
  let stood = 0;
  let cancel = (): void => {};
  const look = (): void => {
    stood = clock.standing ? stood + LOOK_EVERY_MS : 0;
    if (stood >= PATIENCE_MS) reject(timeStandsStill());
    else cancel = afterRealTime(LOOK_EVERY_MS, look);
  };
  cancel = afterRealTime(LOOK_EVERY_MS, look);
  try {
    return await Promise.race([answer, standstill]);
  } finally {
    cancel();
  }
}

const timeStandsStill = () =>
  new AwsError(
    "TimeStandsStill",
    "The answer comes only when the clock's time passes, and nothing makes it pass. Advance the clock while you wait: `clock.runUntilDone(answer)`.",
    { status: 400 },
  );
