import { holds, InvalidPatternError } from "./comparison.ts";
import type { Branch, ToeCondition, ToeStep } from "./document.ts";
import { ParameterUnreadableError, type StepHost, type StepOutcome } from "./step-host.ts";
import type { StepScope } from "./step-scope.ts";
import { LoopBoundsError, loopRounds, UnknownVariableError } from "./variables.ts";

/** A step that requests a reboot runs again afterwards; AWSTOE has no limit, but an endless loop would hang the run. */
const MOST_REBOOTS = 10;

const REBOOT_CODES = [194, 3010];

/** A step's result, with secret values not masked. */
export interface StepResult {
  readonly skipped: boolean;
  readonly inputs: unknown;
  readonly outputs: Readonly<Record<string, string>>;
  readonly stderr: string;
  /** Undefined: it did not fail. */
  readonly errorMessage: string | undefined;
  readonly attempts: number;
  readonly exitCode: number | undefined;
}

const notRun = (step: ToeStep, more: Partial<StepResult>): StepResult => ({
  skipped: false,
  inputs: step.inputs,
  outputs: {},
  stderr: "",
  errorMessage: undefined,
  attempts: 0,
  exitCode: undefined,
  ...more,
});

/** Runs a step: its `if` once, then attempts, each over the whole loop. */
export async function runStep(step: ToeStep, phase: string, scope: StepScope, host: StepHost): Promise<StepResult> {
  scope.begin();
  const branch = await orFailure(() => decide(step.condition, scope, host));
  if (typeof branch !== "string") return notRun(step, branch);
  if (branch === "Skip") return notRun(step, { skipped: true });
  if (branch === "Abort") return notRun(step, { errorMessage: "The step's 'if' aborted it." });
  let result = notRun(step, {});
  for (let attempt = 1; attempt <= step.maxAttempts; attempt++) {
    const done = await orFailure(() => runRounds(step, phase, attempt, scope, host));
    result = "skipped" in done ? done : notRun(step, { ...done, attempts: attempt });
    if (result.errorMessage === undefined) break;
  }
  scope.end(phase, step.name, result.inputs, result.outputs);
  return result;
}

/** Errors of a document's values that only appear when a step runs. */
const FAILURES = [UnknownVariableError, ParameterUnreadableError, LoopBoundsError, InvalidPatternError];

async function orFailure<Done>(run: () => Promise<Done>): Promise<Done | { readonly errorMessage: string }> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error && FAILURES.some((failure) => error instanceof failure))) throw error;
    return { errorMessage: error.message };
  }
}

async function decide(condition: ToeCondition | undefined, scope: StepScope, host: StepHost): Promise<Branch> {
  if (!condition) return "Execute";
  const test = await scope.replace(condition.test);
  return (await holds(test, (question) => host.inspect(question))) ? condition.whenTrue : condition.whenFalse;
}

/** One attempt. The first failed round ends the loop; its outputs are not kept. */
async function runRounds(
  step: ToeStep,
  phase: string,
  attempt: number,
  scope: StepScope,
  host: StepHost,
): Promise<StepResult> {
  const rounds = loopRounds(step.loop, await scope.variablesFor(step.loop));
  const outputs: Readonly<Record<string, string>>[] = [];
  let inputs = step.inputs;
  let exitCode: number | undefined;
  for (const [iteration, loop] of rounds.entries()) {
    inputs = await scope.replace(step.inputs, loop);
    const outcome = await runRound(host, {
      phase,
      name: step.name,
      action: step.action,
      inputs,
      written: step.inputs,
      attempt,
      iteration,
      timeoutSeconds: step.timeoutSeconds,
      disableLogging: step.disableLogging,
      secrets: scope.secrets,
    });
    exitCode = outcome.exitCode;
    const failed = exitCode !== 0;
    if (!failed || !step.loop) outputs.push({ stdout: outcome.stdout, ...outcome.outputs });
    if (failed) {
      const message = outcome.errorMessage ?? `exit status ${exitCode}`;
      const errorMessage = step.loop ? `Iteration ${iteration} of the loop failed: ${message}` : message;
      const { stderr } = outcome;
      return notRun(step, { inputs, outputs: joined(outputs), stderr, errorMessage, attempts: attempt, exitCode });
    }
  }
  return notRun(step, { inputs, outputs: joined(outputs), attempts: attempt, exitCode });
}

async function runRound(host: StepHost, request: Parameters<StepHost["run"]>[0]): Promise<StepOutcome> {
  let outcome = await host.run(request);
  for (let reboots = 0; REBOOT_CODES.includes(outcome.exitCode) && reboots < MOST_REBOOTS; reboots++) {
    outcome = await host.run(request);
  }
  return outcome;
}

/** Outputs of several rounds, joined by line breaks for each name. */
function joined(outputs: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const names = new Set(outputs.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, outputs.flatMap((one) => one[name] ?? []).join("\n")]));
}
