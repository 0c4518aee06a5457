import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { codeLocation } from "./function-code.ts";
import { runnerOf } from "./runner.ts";
import { functionPlace, functions, type LambdaFunction, loggingConfig, requireFunction } from "./state.ts";

/** A function as GetFunctionConfiguration and ListFunctions describe it. */
export const functionConfiguration = (fn: LambdaFunction): Sdk.FunctionConfiguration => ({
  FunctionName: fn.name,
  FunctionArn: fn.arn,
  Runtime: fn.runtime as Sdk.Runtime,
  Role: fn.role,
  Handler: fn.handler,
  ...(fn.code && { CodeSize: fn.code.size, CodeSha256: fn.code.sha256 }),
  Description: fn.description,
  Timeout: fn.timeoutSeconds,
  MemorySize: fn.memoryMb,
  // In Lambda's format: `2026-04-01T08:00:00.000+0000`.
  LastModified: new Date(fn.modifiedAt).toISOString().replace("Z", "+0000"),
  Version: "$LATEST",
  ...(fn.deadLetterTargetArn && { DeadLetterConfig: { TargetArn: fn.deadLetterTargetArn } }),
  ...(Object.keys(fn.environment).length > 0 && { Environment: { Variables: { ...fn.environment } } }),
  TracingConfig: { Mode: fn.tracing },
  RevisionId: fn.revisionId,
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Architectures: [fn.architecture as Sdk.Architecture],
  EphemeralStorage: { Size: fn.ephemeralStorageMb },
  LoggingConfig: loggingConfig(fn.logging),
});

export const operations = {
  GetFunction: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, Qualifier }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      return {
        Configuration: functionConfiguration(fn),
        Code: codeLocation(fn),
        ...(fn.tags.size > 0 && { Tags: Object.fromEntries(fn.tags) }),
        ...(fn.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
        }),
      };
    },
  },
  GetFunctionConfiguration: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run: ({ FunctionName, Qualifier }, call) =>
      functionConfiguration(requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier))),
  },
  ListFunctions: {
    list: "Functions",
    run(_, call) {
      const all = [...call.aws.state(functions, call.account, call.region).values()];
      return { Functions: all.sort((a, b) => (a.name < b.name ? -1 : 1)).map(functionConfiguration) };
    },
  },
  /** Signing is not built: no function requires signed code. */
  GetFunctionCodeSigningConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      const { name } = requireFunction(call.aws, functionPlace(FunctionName, call));
      return { FunctionName: name, CodeSigningConfigArn: undefined };
    },
  },
  /** Publishing is not built: the only version is the newest. */
  ListVersionsByFunction: {
    list: "Versions",
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
      return { Versions: [{ ...functionConfiguration(fn), FunctionArn: `${fn.arn}:$LATEST` }] };
    },
  },
  DeleteFunction: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    async run({ FunctionName, Qualifier }, { aws, ...call }) {
      const fn = requireFunction(aws, functionPlace(FunctionName, { aws, ...call }, Qualifier));
      aws.state(functions, fn.account, fn.region).delete(fn.name);
      await runnerOf(aws).discard(fn);
    },
  },
} satisfies Operations<typeof Sdk>;
