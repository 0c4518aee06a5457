import type { StepOutcome } from "embedded-aws/documents";
import type { System } from "../../system/system.ts";
import type { Entry } from "../actions/file-scripts.ts";
import type { InstanceAws } from "./instance-aws.ts";

/** How far a step was carried out: in the system, by a stand-in, or not at all for want of a kernel. */
export type Fidelity = "real" | "simulated" | "skipped";

/** What a step is carried out with. */
export interface StepTools {
  readonly system: () => System;
  readonly aws: InstanceAws;
  /** Fires at the end of the step's time. */
  readonly signal: AbortSignal;
  readonly onOutput: (text: string, from: "stdout" | "stderr") => void;
  readonly restart: () => Promise<void>;
  readonly runNested: (inputs: Entry) => Promise<StepOutcome>;
}
