import type { VirtualClock } from "embedded-aws";
import { InProcessTimers } from "embedded-aws";

/**
 * Makes time in this thread virtual, as in the embedded AWS: waits take no real time, and the clock jumps when nothing is in
 * progress. @returns a function that ends it
 */
export function passVirtually(clock: VirtualClock): () => void {
  const { setTimeout, clearTimeout, Date: RealDate } = globalThis;
  const timers = new InProcessTimers(clock);
  const now = () => clock.now();
  const virtual = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
  Object.assign(globalThis, { setTimeout: timers.set, clearTimeout: timers.clear, Date: virtual });
  const stop = clock.race();
  return () => {
    stop();
    Object.assign(globalThis, { setTimeout, clearTimeout, Date: RealDate });
  };
}
