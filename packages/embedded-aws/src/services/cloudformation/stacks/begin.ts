import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack } from "../state.ts";

/** Starts an operation of a stack; the request that asked for it is answered before. `stack.running` is its end. */
export function begin(aws: EmbeddedAws, stack: Stack, work: () => Promise<void>): void {
  stack.running = new Promise((resolve, reject) => {
    aws.clock.after(0, async () => {
      try {
        await work();
        resolve();
      } catch (fault) {
        // Told to whoever waits for the stack, and to the clock, which ends the run.
        reject(fault);
        throw fault;
      }
    });
  });
  // Mostly nobody waits.
  stack.running.catch(() => {});
}
