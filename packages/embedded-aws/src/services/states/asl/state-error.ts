/** A state's failure, as Retry and Catch see it. Both parts are optional: a Fail state may have neither. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly error: string | undefined;
  readonly explanation: string | undefined;
  /** Another name that Retry and Catch may use: States.HeartbeatTimeout for a States.Timeout. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, explanation: string | undefined, alias?: string) {
    super(`${error}: ${explanation}`);
    this.error = error;
    this.explanation = explanation;
    this.alias = alias;
  }
}

/** Ends a branch because another one failed, or the execution was stopped or timed out. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/**
 * Whether `ErrorEquals` matches this failure. States.ALL matches neither States.DataLimitExceeded nor States.Runtime,
 * States.TaskFailed everything except timeouts (Step Functions Developer Guide, "Handling errors").
 */
export function namesError(names: readonly string[], failure: StateError): boolean {
  const { error, alias } = failure;
  if (names.some((name) => name === error || (alias !== undefined && name === alias))) return true;
  if (error === "States.DataLimitExceeded" || error === "States.Runtime") return false;
  return names.includes("States.ALL") || (names.includes("States.TaskFailed") && error !== "States.Timeout");
}
