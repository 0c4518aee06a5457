import type { StepRecord } from "../language/step-host.ts";
import type { Fidelity } from "./step-tools.ts";

/** Image Builder's two stages. */
export type Stage = "build" | "test";

/** The result of one step. */
export interface StepLine
  extends Pick<StepRecord, "phase" | "step" | "action" | "status" | "failureMessage" | "exitCode" | "attempts"> {
  readonly document: string;
  readonly line: number;
  readonly fidelity: Fidelity;
  /** Why the step was simulated or skipped; empty if it ran for real. */
  readonly why: string;
  readonly durationMs: number;
  /** The last line on standard error, or empty. */
  readonly lastError: string;
  /** The last lines of output. */
  readonly tail: readonly string[];
}

/** Events of a run, in order. */
export type RunEvent =
  | { readonly type: "system"; readonly text: string }
  | { readonly type: "stage"; readonly stage: Stage; readonly text: string }
  | { readonly type: "document"; readonly document: string; readonly text: string }
  | { readonly type: "output"; readonly line: string; readonly from: "stdout" | "stderr" }
  | { readonly type: "started"; readonly phase: string; readonly step: string; readonly action: string }
  | ({ readonly type: "step" } & StepLine)
  | { readonly type: "restart" };

export interface DocumentResult {
  readonly document: string;
  readonly stage: Stage;
  /** `not-run`: after a failure, or because only AWS has its text. */
  readonly status: "success" | "failed" | "incomplete" | "cached" | "not-run";
  readonly why: string;
  readonly steps: readonly StepLine[];
  readonly durationMs: number;
}
