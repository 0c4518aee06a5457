/** Injected faults: random from a seed, or as a test specifies. */
export type { FaultPlan } from "./src/faults/inject-faults.ts";
export { injectFaults } from "./src/faults/inject-faults.ts";
export {
  type AskedOperation,
  type Interference,
  type Lifetime,
  setInterference,
  undisturbed,
} from "./src/faults/interference.ts";
export { random } from "./src/faults/random.ts";
export { internalFailure, regionDown } from "./src/faults/service-fault.ts";
