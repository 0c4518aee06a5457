import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin } from "../../local/running/admin-interface.ts";
import { loopbackEndpoint } from "./global-options.ts";

export interface Clock {
  /** ISO 8601. */
  readonly now: string;
  readonly kind: "real" | "virtual";
  /** Whether it follows real time between advances. */
  readonly following: boolean;
}

/** Undefined for AWS, and for other emulators on this machine: their time is this machine's. */
async function embeddedClock(endpoint = loopbackEndpoint()): Promise<Clock | undefined> {
  return endpoint && askAdmin<Clock>(endpoint, "clock").catch(unlessForeign);
}

function unlessForeign(cause: unknown): undefined {
  if (cause instanceof Error && cause.name === "NotEmbedded") return undefined;
  throw cause;
}

/** The time of the AWS that the command calls: an embedded AWS has its own clock, which can be virtual. */
export async function factoryNow(): Promise<Date> {
  const clock = await embeddedClock();
  return clock ? new Date(clock.now) : new Date();
}

/** Advances a virtual clock by milliseconds, schedules included. */
export async function advance(endpoint: URL, ms: number): Promise<Clock> {
  const { now } = await askAdmin<Clock>(endpoint, "clock");
  const until = new Date(Date.parse(now) + ms).toISOString();
  return askAdmin<Clock>(endpoint, "clock", { body: { until } });
}

/** Milliseconds of virtual time for each millisecond of a wait. */
const FASTER = 60;

export interface Wait {
  /** Aborted after the limit. */
  readonly timeout: AbortSignal;
  /** Lets `ms` pass before the command looks again. */
  pass(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * A wait for the factory with a time limit. A virtual clock that follows real time is advanced, so that a build takes
 * seconds; other virtual clocks are not changed.
 */
export function startWait(limitSeconds: number): Wait {
  const limitMs = limitSeconds * 1000;
  const advanced = new AbortController();
  const timeout = AbortSignal.any([AbortSignal.timeout(limitMs), advanced.signal]);
  let passed = 0;
  return {
    timeout,
    async pass(ms, signal) {
      const endpoint = loopbackEndpoint();
      const clock = await embeddedClock(endpoint);
      if (!endpoint || clock?.kind !== "virtual" || !clock.following) return sleep(ms, undefined, { signal });
      await advance(endpoint, ms * FASTER);
      passed += ms * FASTER;
      if (passed >= limitMs) advanced.abort();
    },
  };
}
