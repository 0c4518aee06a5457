import { holds } from "./comparison.ts";
import type { PhaseName, ToeDocument, ToeStep } from "./document.ts";
import { loopRounds, replaceVariables, UnknownVariableError, type Variables } from "./variables.ts";

/** What carrying out a step once came to. */
export interface StepOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Instead of `exit status <n>`. */
  readonly errorMessage?: string;
}

/** Carries out one attempt of one step, its variables replaced. */
export type StepRunner = (step: {
  readonly phase: PhaseName;
  readonly name: string;
  readonly action: string;
  readonly inputs: unknown;
  /** As written: shows what rests on another step's output. */
  readonly written: unknown;
  readonly attempt: number;
}) => Promise<StepOutcome>;

export interface StepFailure {
  readonly phase: PhaseName;
  readonly step: string;
  readonly action: string;
  readonly errorMessage: string;
  readonly stderr: string;
}

export interface DocumentOutcome {
  readonly status: "Success" | "Failed" | "SuccessWithIgnoredFailure";
  readonly executedSteps: number;
  readonly failedSteps: number;
  readonly ignoredFailedSteps: number;
  /** The first failure that counts. */
  readonly failure: StepFailure | undefined;
}

/** A step that asks for a reboot runs again afterwards; AWSTOE sets no limit, an endless loop helps nobody. */
const MOST_REBOOTS = 10;

const REBOOT_CODES = [194, 3010];

/** Carries out a document's phases in order, by the rules of onFailure, maxAttempts, loops and `if`. */
export async function runDocument(
  document: ToeDocument,
  stage: readonly PhaseName[],
  parameters: Readonly<Record<string, string>>,
  run: StepRunner,
): Promise<DocumentOutcome> {
  const defaults = document.parameters.flatMap((one) => (one.default === undefined ? [] : [[one.name, one.default]]));
  const named = { ...Object.fromEntries(defaults), ...document.constants, ...parameters };
  const steps = new Map<string, { inputs: unknown; stdout: string }>();
  const count = { executedSteps: 0, failedSteps: 0, ignoredFailedSteps: 0 };
  let first: StepFailure | undefined;
  for (const phase of document.phases.filter(({ name }) => stage.includes(name))) {
    for (const step of phase.steps) {
      const result = await carryOut(step, phase.name, { named, steps, loop: {} }, run);
      if (result === "skipped") continue;
      count.executedSteps++;
      steps.set(`${phase.name}.${step.name}`, result);
      if (result.errorMessage === undefined) continue;
      if (step.onFailure === "Ignore") {
        count.ignoredFailedSteps++;
        continue;
      }
      count.failedSteps++;
      first ??= {
        phase: phase.name,
        step: step.name,
        action: step.action,
        errorMessage: result.errorMessage,
        stderr: result.stderr,
      };
      if (step.onFailure === "Abort") return { ...count, status: "Failed", failure: first };
    }
  }
  const status = first ? "Failed" : count.ignoredFailedSteps > 0 ? "SuccessWithIgnoredFailure" : "Success";
  return { ...count, status, failure: first };
}

interface Result {
  readonly inputs: unknown;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined: it succeeded. */
  readonly errorMessage: string | undefined;
}

/** Attempts cover the whole loop, as its timeout does. */
async function carryOut(
  step: ToeStep,
  phase: PhaseName,
  variables: Variables,
  run: StepRunner,
): Promise<Result | "skipped"> {
  let last: Result | undefined;
  for (let attempt = 1; attempt <= step.maxAttempts; attempt++) {
    try {
      const branch = step.condition && branchOf(step.condition, variables);
      if (branch === "Skip") return "skipped";
      if (branch === "Abort")
        return { inputs: step.inputs, stdout: "", stderr: "", errorMessage: "aborted by its 'if'" };
      last = await round(step, phase, variables, attempt, run);
    } catch (error) {
      if (!(error instanceof UnknownVariableError)) throw error;
      last = { inputs: step.inputs, stdout: "", stderr: "", errorMessage: error.message };
    }
    if (last.errorMessage === undefined) break;
  }
  return last ?? "skipped";
}

const branchOf = (condition: NonNullable<ToeStep["condition"]>, variables: Variables) =>
  holds(replaceVariables(condition.test, variables)) ? condition.whenTrue : condition.whenFalse;

async function round(
  step: ToeStep,
  phase: PhaseName,
  variables: Variables,
  attempt: number,
  run: StepRunner,
): Promise<Result> {
  const printed: string[] = [];
  let inputs = step.inputs;
  for (const loop of loopRounds(step.loop, variables)) {
    inputs = replaceVariables(step.inputs, { ...variables, loop });
    const ask = { phase, name: step.name, action: step.action, inputs, written: step.inputs, attempt };
    let outcome = await run(ask);
    for (let reboots = 0; REBOOT_CODES.includes(outcome.exitCode) && reboots < MOST_REBOOTS; reboots++) {
      outcome = await run(ask);
    }
    printed.push(outcome.stdout);
    if (outcome.exitCode !== 0) {
      const errorMessage = outcome.errorMessage ?? `exit status ${outcome.exitCode}`;
      return { inputs, stdout: printed.join("\n"), stderr: outcome.stderr, errorMessage };
    }
  }
  return { inputs, stdout: printed.join("\n"), stderr: "", errorMessage: undefined };
}
