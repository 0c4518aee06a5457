/** A function that a state machine calls. */
export interface TaskFunction {
  readonly arn: string;
  readonly timeoutSeconds: number;
}

/** A state of the Amazon States Language. */
export type State = Readonly<Record<string, unknown>>;

/** Lambda itself failed, not the function (Step Functions developer guide, "Handle transient Lambda service exceptions"). */
const lambdaFailed = {
  ErrorEquals: [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  JitterStrategy: "FULL",
};

/** Throttling errors of the services that the functions call, and of the functions themselves. */
const throttled = {
  ErrorEquals: [
    "Throttled",
    "ThrottlingException",
    "TooManyRequestsException",
    "TooManyUpdates",
    "RequestLimitExceeded",
    "CallRateLimitExceededException",
    "ProvisionedThroughputExceededException",
  ],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 120,
  JitterStrategy: "FULL",
};

/**
 * The function crashed, or a service that it called had an internal error. Functions are idempotent, so it is retried
 * (Step Functions developer guide, "Handling errors": Lambda.Unknown and Sandbox.Timedout; SDK error names).
 */
const crashed = {
  ErrorEquals: [
    "Runtime.ExitError",
    "Sandbox.Timedout",
    "Lambda.Unknown",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InternalServiceException",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Unavailable",
  ],
  IntervalSeconds: 10,
  BackoffRate: 2,
  MaxAttempts: 5,
  MaxDelaySeconds: 120,
  JitterStrategy: "FULL",
};

/** Invokes a function; its result is the state's output. `Retry` precedes the retriers that every task has. */
export function lambdaTask(
  partition: string,
  called: TaskFunction,
  payload: Readonly<Record<string, string>>,
  { Retry = [], ...rest }: State & { readonly Retry?: readonly object[] },
): State {
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Arguments: { FunctionName: called.arn, Payload: payload },
    // A little longer than the function's own timeout, so that the function's error is reported.
    TimeoutSeconds: called.timeoutSeconds + 10,
    Output: "{% $states.result.Payload %}",
    Retry: [...Retry, lambdaFailed, throttled, crashed],
    ...rest,
  };
}

/** Any failure undoes the promotion's changes. */
export const undoOnFailure = {
  Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Next: "TakeBack" }],
};

/** A function's failure is JSON with its message; all others are text. */
const WHY = `(
  $said := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '';
  $message := $substring($said, 0, 1) = '{' and $contains($said, '"errorMessage"') ? $parse($said).errorMessage : $said;
  $substring($states.errorOutput.Error & ': ' & $message, 0, 1000)
)`.replaceAll(/\s+/g, " ");

/**
 * A region's failure does not stop the others: its item of the Map ends with `{ "behind": { region, why } }`.
 * @param region the region's name, in JSONata
 * @param next the state that ends the item; state names are unique in the state machine
 */
export const leaveRegionBehind = (region: string, next: string) => ({
  Catch: [
    {
      ErrorEquals: ["States.ALL"],
      Output: `{% { 'behind': { 'region': ${region}, 'why': ${WHY} } } %}`,
      Next: next,
    },
  ],
});

/** Ends the item of a region that is behind. */
export const regionBehind: State = { Type: "Pass", End: true };

/** The regions in a Map's result that are behind, each with the reason; in JSONata. */
export const LEFT_BEHIND = "$states.result.behind";
