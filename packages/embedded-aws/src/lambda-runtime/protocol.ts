/** What a worker is started with (`workerData`). */
export interface WorkerSetup {
  /** The function's bundle, as a file URL. */
  readonly bundle: string;
  /** The function's handler as configured: `functions/start-build.handler`. */
  readonly handler: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  /** The virtual clock's time; undefined under a real clock. */
  readonly time: SharedArrayBuffer | undefined;
  /** Folder of V8's compile cache: a second cold start skips the parsing. */
  readonly compileCache: string;
}

/** One invocation, as sent to a worker. */
export interface InvocationMessage {
  readonly requestId: string;
  /** JSON */
  readonly payload: string;
  readonly invokedFunctionArn: string;
  /** When the function times out, in factory time. */
  readonly deadline: number;
  readonly clientContext: string | undefined;
  /** How often each function ran in this chain of requests. */
  readonly lineage: Readonly<Record<string, number>>;
}

/** Asks a worker to exit once it has loaded. */
export const END = "end";

/** Messages from a worker. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  /** The bundle does not load, or does not have the handler: no invocation can succeed. */
  | { readonly kind: "unfit"; readonly error: RuntimeError }
  | { readonly kind: "log"; readonly text: string }
  /** @property payload JSON */
  | { readonly kind: "result"; readonly payload: string }
  /** The handler failed; the worker continues. */
  | { readonly kind: "failed"; readonly error: RuntimeError }
  /** An exception outside the handler; the worker ends. */
  | { readonly kind: "crashed"; readonly error: RuntimeError }
  /** The handler slept past its deadline in virtual time. */
  | { readonly kind: "overslept" };

/** A failed invocation's payload. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** The stack, line by line; absent where Lambda itself, not the runtime, reports the failure. */
  readonly trace?: readonly string[];
}
