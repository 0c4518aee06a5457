import { devNull } from "node:os";
import { credentialsOf } from "../../authorization/credentials.ts";
import { type EmbeddedAws, endpointOf } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal } from "../../engine/principal.ts";
import { errorLine } from "../../lambda-runtime/lambda-console.ts";
import type { RuntimeError } from "../../lambda-runtime/protocol.ts";
import { EnvironmentLog } from "./environment-log.ts";
import type { Lineage } from "./recursion.ts";
import type { LambdaFunction } from "./state.ts";

/** One run of a function. */
export interface Invocation {
  readonly requestId: string;
  /** JSON */
  readonly payload: string;
  /** As in the request, with its qualifier. */
  readonly invokedFunctionArn: string;
  /** JSON, as the mobile SDKs send it. */
  readonly clientContext: string | undefined;
  /** How often each function of this chain of requests ran, including this run. */
  readonly lineage: Lineage;
}

/** The variables and keys of an execution environment. */
export interface EnvironmentOfFunction {
  readonly variables: Record<string, string>;
  /** The principal of its keys: unique to this environment. */
  readonly principal: Principal;
  readonly log: EnvironmentLog;
}

/** How a run ended. */
export interface Outcome {
  /** The handler failed, or ended without an answer. */
  readonly failed: boolean;
  /** JSON: the result, or `errorType`, `errorMessage` and `trace`. */
  readonly payload: string;
}

/** A finished run. */
export interface Run extends Outcome {
  /** The log lines of the function and of Lambda. */
  readonly lines: readonly string[];
}

/** Where functions run. */
export interface FunctionRunner {
  /** Never rejects because of a function's behaviour: that is an outcome. */
  run(fn: LambdaFunction, invocation: Invocation): Promise<Run>;
  /**
   * Later invocations start new execution environments; running ones end in theirs.
   * @param roots programs whose sources are read again for this function; none: its sources did not change
   */
  renew(fn: LambdaFunction, roots: readonly string[]): Promise<void>;
  /** Ends the function's execution environments. */
  discard(fn: LambdaFunction): Promise<void>;
  close(): Promise<void>;
}

/**
 * This and the next two are errors that Lambda itself reports because the runtime could not, with Lambda's messages.
 */
export const timedOut = (requestId: string, timeoutSeconds: number): RuntimeError => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
});

export const exited = (requestId: string, code: number): RuntimeError => ({
  errorType: "Runtime.ExitError",
  errorMessage:
    code === 0
      ? `RequestId: ${requestId} Error: Runtime exited without providing a reason`
      : `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`,
});

export const outOfMemory = (requestId: string): RuntimeError => ({
  errorType: "Runtime.ExitError",
  errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
});

/** AWS would not have deployed such a function; the nearest AWS error is a module that does not load. */
export function notBuilt(aws: EmbeddedAws, fn: LambdaFunction, { requestId }: Invocation, cause: unknown): Run {
  const { log, variables: environment } = functionEnvironment(aws, fn);
  const error = { errorType: "Runtime.ImportModuleError", errorMessage: String(cause), trace: [] };
  log.begin(requestId);
  const surroundings = { now: () => aws.clock.now(), requestId: () => requestId, environment };
  log.write(errorLine("Uncaught Exception", error, surroundings));
  return { failed: true, payload: JSON.stringify(error), lines: log.end("error") };
}

/**
 * A function's environment: its own variables, those that Lambda sets (developer guide, "Defined runtime environment
 * variables"), and keys of its role. Omitted on purpose: LAMBDA_TASK_ROOT and AWS_EXECUTION_ENV, which would make
 * tracing libraries look for an X-Ray daemon.
 */
export function functionEnvironment(aws: EmbeddedAws, fn: LambdaFunction): EnvironmentOfFunction {
  const principal = rolePrincipal(fn.role, fn.name);
  const keys = credentialsOf(aws).issue(principal);
  const day = new Date(aws.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  const stream = `${day}/[$LATEST]${aws.hexId(13)}${aws.hexId(13)}${aws.hexId(6)}`;
  const variables = {
    ...fn.environment,
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    _HANDLER: fn.handler,
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_ENDPOINT_URL: endpointOf(aws),
    // Functions must not read this machine's own profiles.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_LAMBDA_LOG_FORMAT: fn.logging.format,
    ...(fn.logging.format === "JSON" && { AWS_LAMBDA_LOG_LEVEL: fn.logging.applicationLevel }),
  };
  return { variables, principal, log: new EnvironmentLog(aws, fn, { principal, stream }) };
}
