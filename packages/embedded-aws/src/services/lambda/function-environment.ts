import { devNull } from "node:os";
import { credentialsOf } from "../../authorization/credentials.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { endpointOf } from "../../engine/endpoint.ts";
import { rolePrincipal } from "../../engine/principal.ts";
import { logGroup } from "./function-logs.ts";
import type { LambdaFunction } from "./state.ts";

/**
 * A function's environment: its own variables and those that Lambda sets (developer guide, "Defined runtime
 * environment variables"), with keys of its role. Left out on purpose: LAMBDA_TASK_ROOT and AWS_EXECUTION_ENV, which
 * would make tracing libraries look for an X-Ray daemon.
 */
export function functionEnvironment(aws: EmbeddedAws, fn: LambdaFunction): Record<string, string> {
  const keys = credentialsOf(aws).issue(rolePrincipal(fn.role, fn.name));
  const day = new Date(aws.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  return {
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
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup(fn),
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${aws.hexId(13)}${aws.hexId(13)}${aws.hexId(6)}`,
  };
}
