import type * as Sdk from "@aws-sdk/client-lambda";
import type { UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { checkSettings } from "./create-function.ts";
import { functionPlace, requireFunction } from "./find-function.ts";
import { functionConfiguration } from "./functions.ts";
import { changedLogging } from "./logging-config.ts";
import { runnerOf } from "./runner.ts";
import type { LambdaFunction } from "./state.ts";

/** Settings that functions here do not have, with the one value that says so. */
const NOT_BUILT = {
  FileSystemConfigs: [],
  KMSKeyArn: "",
  Layers: [],
  SnapStart: { ApplyOn: "None" },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  ImageConfig: undefined,
  CapacityProviderConfig: undefined,
  DurableConfig: undefined,
} satisfies { readonly [Member in keyof UpdateFunctionConfigurationRequest]?: unknown };

export const operations = {
  /**
   * What is left out stays. Invocations that began before end as they began; later ones see the new settings. AWS says
   * `InProgress` for some seconds; here the update has happened when the answer comes.
   */
  UpdateFunctionConfiguration: {
    authorize({ FunctionName, Role }, call) {
      const { arn } = functionPlace(FunctionName, call);
      return [{ resources: [arn] }, ...givingRole(call.aws, Role, "lambda.amazonaws.com", arn)];
    },
    async run(input, call) {
      const fn = requireFunction(call.aws, functionPlace(input.FunctionName, call));
      requireBuilt(input);
      if (input.RevisionId !== undefined && input.RevisionId !== fn.revisionId) {
        throw new AwsError(
          "PreconditionFailedException",
          "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
          { status: 412 },
        );
      }
      const changed = {
        role: input.Role ?? fn.role,
        handler: input.Handler ?? fn.handler,
        description: input.Description ?? fn.description,
        timeoutSeconds: input.Timeout ?? fn.timeoutSeconds,
        memoryMb: input.MemorySize ?? fn.memoryMb,
        runtime: input.Runtime ?? fn.runtime,
        environment: input.Environment ? (input.Environment.Variables ?? {}) : fn.environment,
        // An empty ARN takes the queue away.
        deadLetterTargetArn: input.DeadLetterConfig
          ? input.DeadLetterConfig.TargetArn || undefined
          : fn.deadLetterTargetArn,
        tracing: input.TracingConfig?.Mode ?? fn.tracing,
        ephemeralStorageMb: input.EphemeralStorage?.Size ?? fn.ephemeralStorageMb,
        logging: changedLogging(input.LoggingConfig, fn.logging),
      };
      checkSettings(changed);
      await change(call.aws, fn, changed, "settings");
      return functionConfiguration(fn);
    },
  },
} satisfies Operations<typeof Sdk>;

/**
 * Gives a function other sources, or the same folder's as they are now: later invocations load them. In place of
 * UpdateFunctionCode, which takes an archive.
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
  await change(aws, fn, { root, handler }, "sources");
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

function requireBuilt(input: UpdateFunctionConfigurationRequest): void {
  const member = (Object.keys(NOT_BUILT) as (keyof typeof NOT_BUILT)[]).find(
    (name) => input[name] !== undefined && JSON.stringify(input[name]) !== JSON.stringify(NOT_BUILT[name]),
  );
  if (member === undefined) return;
  throw new AwsError("NotImplemented", `lambda:UpdateFunctionConfiguration with ${member} is not built`);
}
