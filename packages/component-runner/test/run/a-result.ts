import type { DocumentResult, StepLine } from "../../src/run/run-events.ts";

/** A step of a test phase that succeeded, unless changed. */
export const stepLine = (changes: Partial<StepLine> = {}): StepLine => ({
  phase: "test",
  step: "Step",
  action: "ExecuteBash",
  status: "success",
  failureMessage: "",
  exitCode: 0,
  attempts: 1,
  document: "document.yaml",
  line: 7,
  fidelity: "real",
  why: "",
  durationMs: 100,
  lastError: "",
  tail: [],
  ...changes,
});

/** A document of the test stage that succeeded, unless changed. */
export const documentResult = (changes: Partial<DocumentResult> = {}): DocumentResult => ({
  document: "document.yaml",
  stage: "test",
  status: "success",
  why: "",
  steps: [],
  durationMs: 100,
  ...changes,
});
