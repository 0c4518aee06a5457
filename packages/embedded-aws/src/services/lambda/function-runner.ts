import { devNull } from "node:os";
import { credentialsOf } from "../../authorization/credentials.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { endpointOf } from "../../engine/endpoint.ts";
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
  /** As the caller named it, with its qualifier. */
  readonly invokedFunctionArn: string;
  /** JSON, as the SDKs for mobile devices send it. */
  readonly clientContext: string | undefined;
  /** How often the functions of its chain of requests ran, this run included. */
  readonly lineage: Lineage;
}

/** What an execution environment is given. */
export interface EnvironmentOfFunction {
  readonly variables: Record<string, string>;
  /** Whom its keys stand for: this environment alone. */
  readonly principal: Principal;
  readonly log: EnvironmentLog;
}

/** How a run ended. */
export interface Outcome {
  /** The handler failed, or did not live to answer. */
  readonly failed: boolean;
  /** JSON: the result, or `errorType`, `errorMessage` and `trace`. */
  readonly payload: string;
}

/** A run that ended. */
export interface Run extends Outcome {
  /** What it logged, and Lambda about it. */
  readonly lines: readonly string[];
}

/** Where functions run. */
export interface FunctionRunner {
  /** Never rejects for what a function does: that is an outcome. */
  run(fn: LambdaFunction, invocation: Invocation): Promise<Run>;
  /**
   * Later invocations start new execution environments; those that are under way end in theirs.
   * @param roots of programs whose sources are to be read anew for this function; none: its sources are the same
   */
  renew(fn: LambdaFunction, roots: readonly string[]): Promise<void>;
  /** Ends the function's execution environments. */
  discard(fn: LambdaFunction): Promise<void>;
  close(): Promise<void>;
}

/** Lambda itself reports this and the next two, where the runtime could not: messages as invocations show them. */
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

/** In AWS such a function would not have been deployed; the nearest that it knows is a module that does not load. */
export function notBuilt(aws: EmbeddedAws, fn: LambdaFunction, { requestId }: Invocation, cause: unknown): Run {
  const { log, variables: environment } = functionEnvironment(aws, fn);
  const error = { errorType: "Runtime.ImportModuleError", errorMessage: String(cause), trace: [] };
  log.begin(requestId);
  const surroundings = { now: () => aws.clock.now(), requestId: () => requestId, environment };
  log.write(errorLine("Uncaught Exception", error, surroundings));
  return { failed: true, payload: JSON.stringify(error), lines: log.end("error") };
}

/**
 * A function's environment: its own variables and those that Lambda sets (developer guide, "Defined runtime
 * environment variables"), with keys of its role. Left out on purpose: LAMBDA_TASK_ROOT and AWS_EXECUTION_ENV, which
 * would make tracing libraries look for an X-Ray daemon.
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
    // The machine's own profiles are none of a function's business.
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
