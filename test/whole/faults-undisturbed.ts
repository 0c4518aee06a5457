import type { Interference } from "../../local/faults/interference.ts";

/** Nothing goes wrong; a scenario says what does. */
export const undisturbed: Interference = {
  operation: (_asked, carryOut) => carryOut(),
  deliveries: () => [0],
  latency: () => 0,
  lifetime: () => undefined,
};
