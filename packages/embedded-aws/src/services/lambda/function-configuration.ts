import type { Architecture, FunctionConfiguration, Runtime } from "@aws-sdk/client-lambda";
import { logGroup } from "./function-logs.ts";
import type { LambdaFunction } from "./state.ts";

/** A function as GetFunctionConfiguration and ListFunctions describe it. */
export const functionConfiguration = (fn: LambdaFunction): FunctionConfiguration => ({
  FunctionName: fn.name,
  FunctionArn: fn.arn,
  Runtime: fn.runtime as Runtime,
  Role: fn.role,
  Handler: fn.handler,
  Description: fn.description,
  Timeout: fn.timeoutSeconds,
  MemorySize: fn.memoryMb,
  // As Lambda writes it: `2026-04-01T08:00:00.000+0000`.
  LastModified: new Date(fn.modifiedAt).toISOString().replace("Z", "+0000"),
  Version: "$LATEST",
  ...(fn.deadLetterTargetArn && { DeadLetterConfig: { TargetArn: fn.deadLetterTargetArn } }),
  ...(Object.keys(fn.environment).length > 0 && { Environment: { Variables: { ...fn.environment } } }),
  TracingConfig: { Mode: "PassThrough" },
  RevisionId: fn.revisionId,
  State: "Active",
  LastUpdateStatus: "Successful",
  PackageType: "Zip",
  Architectures: [fn.architecture as Architecture],
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: "Text", LogGroup: logGroup(fn) },
});
