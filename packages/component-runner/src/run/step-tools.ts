import type { Entry } from "../actions/file-scripts.ts";
import type { System } from "../isolation/system.ts";
import type { StepOutcome } from "../language/step-host.ts";
import type { InstanceAws } from "./instance-aws.ts";

/** Whether a step ran in the system, ran against a stand-in, or was skipped because it needs a kernel. */
export type Fidelity = "real" | "simulated" | "skipped";

/** Dependencies of a step. */
export interface StepTools {
  readonly system: () => System;
  readonly aws: InstanceAws;
  /** Aborted at the step's timeout. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string, from: "stdout" | "stderr") => void;
  readonly restart: () => Promise<void>;
  readonly runNested: (inputs: Entry) => Promise<StepOutcome>;
}
