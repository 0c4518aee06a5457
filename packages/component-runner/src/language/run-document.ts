import type { ToeDocument, ToeStep } from "./document.ts";
import { runStep, type StepResult } from "./run-step.ts";
import { maskSecrets } from "./secrets.ts";
import type { StepHost, StepRecord } from "./step-host.ts";
import { StepScope } from "./step-scope.ts";

export interface StepFailure {
  readonly phase: string;
  readonly step: string;
  readonly action: string;
  readonly errorMessage: string;
  readonly stderr: string;
}

export interface DocumentOutcome {
  readonly status: "Success" | "Failed" | "SuccessWithIgnoredFailure";
  /** Without those that their `if` skipped. */
  readonly executedSteps: number;
  readonly failedSteps: number;
  readonly ignoredFailedSteps: number;
  /** The first failure that was not ignored. */
  readonly failure: StepFailure | undefined;
  /** Of every reached step, in order. */
  readonly steps: readonly StepRecord[];
}

export interface DocumentRun {
  /** Names of the phases to run, in the document's order. */
  readonly phases: readonly string[];
  /** Values by name; names that the document does not declare are ignored. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly host: StepHost;
}

/** A parameter without a default and without a value. */
export class MissingParameterError extends Error {
  override readonly name = "MissingParameterError";
  readonly code = "MissingParameter";
  readonly parameters: readonly string[];

  constructor(document: ToeDocument, parameters: readonly string[]) {
    const which = document.name === "" ? "The document" : `The document '${document.name}'`;
    const names = parameters.map((name) => `'${name}'`).join(", ");
    super(`${which} needs a value for ${names}: the document declares no default.`);
    this.parameters = parameters;
  }
}

/**
 * Runs a document's phases in order, by the rules of onFailure, maxAttempts, loops and `if`.
 * @throws MissingParameterError before any step
 */
export async function runDocument(
  document: ToeDocument,
  { phases, parameters, host }: DocumentRun,
): Promise<DocumentOutcome> {
  const scope = new StepScope(valuesOf(document, parameters), host);
  const records: StepRecord[] = [];
  let first: StepFailure | undefined;
  for (const phase of document.phases.filter(({ name }) => phases.includes(name))) {
    for (const step of phase.steps) {
      const named = { phase: phase.name, step: step.name, action: step.action };
      host.observe?.({ kind: "started", ...named, line: step.line });
      const result = await runStep(step, phase.name, scope, host);
      const { secrets } = scope;
      const record = maskSecrets({ ...named, ...toRecord(step, result) }, secrets);
      records.push(record);
      host.observe?.({ kind: "ended", ...record });
      if (record.status !== "failed") continue;
      const errorMessage = record.failureMessage;
      first ??= { ...named, errorMessage, stderr: maskSecrets(result.stderr, secrets) };
      if (step.onFailure === "Abort") return outcome(records, first);
    }
  }
  return outcome(records, first);
}

/** @throws MissingParameterError */
function valuesOf(document: ToeDocument, given: DocumentRun["parameters"]): Record<string, string> {
  const values = document.parameters.map((one) => [one.name, given[one.name] ?? one.default] as const);
  const missing = values.flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0) throw new MissingParameterError(document, missing);
  return { ...(Object.fromEntries(values) as Record<string, string>), ...document.constants };
}

function toRecord(step: ToeStep, result: StepResult): Omit<StepRecord, "phase" | "step" | "action"> {
  const { inputs, outputs, errorMessage = "", attempts, exitCode } = result;
  const status = result.skipped
    ? "skipped"
    : result.errorMessage === undefined
      ? "success"
      : step.onFailure === "Ignore"
        ? "ignored-failure"
        : "failed";
  return { status, inputs, outputs, failureMessage: errorMessage, attempts, exitCode };
}

function outcome(steps: readonly StepRecord[], failure: StepFailure | undefined): DocumentOutcome {
  const count = (...statuses: StepRecord["status"][]) => steps.filter(({ status }) => statuses.includes(status)).length;
  const ignoredFailedSteps = count("ignored-failure");
  return {
    status: failure ? "Failed" : ignoredFailedSteps > 0 ? "SuccessWithIgnoredFailure" : "Success",
    executedSteps: steps.length - count("skipped"),
    failedSteps: count("failed"),
    ignoredFailedSteps,
    failure,
    steps,
  };
}
