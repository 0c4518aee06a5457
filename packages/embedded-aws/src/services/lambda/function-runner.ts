import type { LambdaFunction } from "./state.ts";

/** One run of a function. */
export interface Invocation {
  readonly requestId: string;
  /** JSON */
  readonly payload: string;
  /** As the caller named it, with its qualifier. */
  readonly invokedFunctionArn: string;
  /** JSON, as the SDKs for mobile devices send it. */
  readonly clientContext: string | undefined;
}

/** How a run ended. */
export interface Outcome {
  /** The handler failed, or did not live to answer. */
  readonly failed: boolean;
  /** JSON: the result, or `errorType`, `errorMessage` and `trace`. */
  readonly payload: string;
}

/** Where functions run. */
export interface FunctionRunner {
  /** Never rejects for what a function does: that is an outcome. */
  run(fn: LambdaFunction, invocation: Invocation): Promise<Outcome>;
  /** Ends the function's execution environments. */
  discard(fn: LambdaFunction): Promise<void>;
  close(): Promise<void>;
}
