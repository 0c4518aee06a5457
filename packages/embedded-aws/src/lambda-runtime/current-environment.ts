import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "../engine/clock/clock.ts";
import type { Surroundings } from "./in-process-globals.ts";
import { consoleMethods } from "./lambda-console.ts";

const current = new AsyncLocalStorage<Surroundings>();

/** Runs a function's code: shared modules that it calls, now or later, use these surroundings. */
export const runInEnvironment = <T>(surroundings: Surroundings, work: () => T): T => current.run(surroundings, work);

function here(): Surroundings {
  const surroundings = current.getStore();
  if (!surroundings) throw new Error("A shared module ran outside of any function.");
  return surroundings;
}

const clock: Clock = {
  get speed() {
    return here().clock.speed;
  },
  now: () => here().clock.now(),
  after: (ms, act, options) => here().clock.after(ms, act, options),
  sleep: (ms, signal) => here().clock.sleep(ms, signal),
  hold: (work) => here().clock.hold(work),
  get standing() {
    return here().clock.standing;
  },
};

/** The surroundings of the environment that runs. */
export const currentSurroundings: Surroundings = {
  clock,
  get environment() {
    return here().environment;
  },
  timers: {
    set: (act, delay, ...given) => here().timers.set(act, delay, ...given),
    sleep: (delay, value) => here().timers.sleep(delay, value),
    clear: (timeout) => here().timers.clear(timeout),
  },
  transport: { handle: (request) => here().transport.handle(request) },
  dice: () => here().dice(),
  console: Object.fromEntries(
    consoleMethods.map((method) => [method, (...given: unknown[]) => here().console[method]?.(...given)]),
  ),
  log: (text) => here().log(text),
  exit: (code) => here().exit(code),
};
