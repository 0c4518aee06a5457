import type { StepRecord } from "embedded-aws/documents";
import type { Fidelity } from "./step-tools.ts";

/** Where an image's documents run: Image Builder's two stages, and what is between them. */
export type Stage = "build" | "test";

/** One step as it ended. */
export interface StepLine
  extends Pick<StepRecord, "phase" | "step" | "action" | "status" | "failureMessage" | "exitCode" | "attempts"> {
  readonly document: string;
  readonly line: number;
  readonly fidelity: Fidelity;
  /** Why it is not real; empty where it is. */
  readonly why: string;
  readonly durationMs: number;
  /** The last line that it printed on standard error; empty where there is none. */
  readonly lastError: string;
  /** The last lines that it printed. */
  readonly tail: readonly string[];
}

/** What happens during a run, in order. */
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
  /** `not-run`: after a failure, or because its text is AWS's. */
  readonly status: "success" | "failed" | "incomplete" | "cached" | "not-run";
  readonly why: string;
  readonly steps: readonly StepLine[];
  readonly durationMs: number;
}
