import type * as Sdk from "@aws-sdk/client-lambda";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { checkSettings, requireBuilt } from "./create-function.ts";
import { fetchCode } from "./function-code.ts";
import { functionConfiguration } from "./functions.ts";
import { runnerOf } from "./runner.ts";
import { functionPlace, type LambdaFunction, loggingConfig, requireFunction, toLogging } from "./state.ts";

export const operations = {
  /**
   * Omitted settings stay. Running invocations keep their settings; later ones use the new ones. AWS answers
   * `InProgress` for some seconds; here the update is complete when the response arrives.
   */
  UpdateFunctionConfiguration: {
    authorize({ FunctionName, Role }, call) {
      const { arn } = functionPlace(FunctionName, call);
      return [{ resources: [arn] }, ...givingRole(call.aws, Role, "lambda.amazonaws.com", arn)];
    },
    async run(input, call) {
      const fn = requireFunction(call.aws, functionPlace(input.FunctionName, call));
      requireBuilt("UpdateFunctionConfiguration", input);
      requireRevision(fn, input.RevisionId);
      const changed = {
        role: input.Role ?? fn.role,
        handler: input.Handler ?? fn.handler,
        description: input.Description ?? fn.description,
        timeoutSeconds: input.Timeout ?? fn.timeoutSeconds,
        memoryMb: input.MemorySize ?? fn.memoryMb,
        runtime: input.Runtime ?? fn.runtime,
        environment: input.Environment ? (input.Environment.Variables ?? {}) : fn.environment,
        // An empty ARN removes the queue.
        deadLetterTargetArn: input.DeadLetterConfig
          ? input.DeadLetterConfig.TargetArn || undefined
          : fn.deadLetterTargetArn,
        tracing: input.TracingConfig?.Mode ?? fn.tracing,
        ephemeralStorageMb: input.EphemeralStorage?.Size ?? fn.ephemeralStorageMb,
        logging: input.LoggingConfig ? toLogging(fn.name, input.LoggingConfig, loggingConfig(fn.logging)) : fn.logging,
      };
      checkSettings(changed);
      // A changed handler means other code of the same archive.
      await change(call.aws, fn, changed, changed.handler === fn.handler ? "settings" : "sources");
      return functionConfiguration(fn);
    },
  },
  /** Running invocations keep their code. */
  UpdateFunctionCode: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    async run(input, call) {
      const fn = requireFunction(call.aws, functionPlace(input.FunctionName, call));
      const what = (input.Publish && "Publish") || (input.PublishTo && "PublishTo");
      if (what) throw new AwsError("NotImplemented", `lambda:UpdateFunctionCode with ${what} is not built`);
      requireRevision(fn, input.RevisionId);
      const fetched = await fetchCode(input, call);
      const changed = { ...fetched, architecture: input.Architectures?.[0] ?? fn.architecture };
      if (input.DryRun) return functionConfiguration({ ...fn, ...changed });
      await change(call.aws, fn, changed, "sources");
      return functionConfiguration(fn);
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws AwsError PreconditionFailedException */
function requireRevision(fn: LambdaFunction, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === fn.revisionId) return;
  throw new AwsError(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
  );
}

/**
 * Gives a function new sources, or reloads the same folder's: later invocations load them. UpdateFunctionCode takes an
 * archive.
 * @throws AwsError ResourceNotFoundException
 */
export async function updateFunctionSources(
  aws: EmbeddedAws,
  account: string,
  region: string,
  name: string,
  { root, handler }: Pick<LambdaFunction, "root" | "handler">,
): Promise<LambdaFunction> {
  const fn = requireFunction(aws, functionPlace(name, { aws, account, region }));
  await change(aws, fn, { root, handler, code: undefined }, "sources");
  return fn;
}

async function change(
  aws: EmbeddedAws,
  fn: LambdaFunction,
  changed: Partial<LambdaFunction>,
  what: "settings" | "sources",
): Promise<void> {
  const root = fn.root;
  Object.assign(fn, changed, { modifiedAt: aws.clock.now(), revisionId: aws.uuid() });
  await runnerOf(aws).renew(fn, what === "sources" ? [root, fn.root] : []);
}
