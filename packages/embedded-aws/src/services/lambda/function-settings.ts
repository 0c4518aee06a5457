import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { DESTINATIONS, requireTarget } from "./deliver-record.ts";
import { functionPlace, qualifiedArn, requireFunction } from "./find-function.ts";

export const operations = {
  PutFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
      // The model's own check lets fractions through.
      if (!Number.isInteger(reserved)) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
        );
      }
      fn.reservedConcurrency = reserved;
      return { ReservedConcurrentExecutions: reserved };
    },
  },
  GetFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      const { reservedConcurrency } = requireFunction(call.aws, functionPlace(FunctionName, call));
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
  },
  DeleteFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      requireFunction(call.aws, functionPlace(FunctionName, call)).reservedConcurrency = undefined;
      return {};
    },
  },
  /** Replaces the whole configuration: what is left out returns to Lambda's default. */
  PutFunctionEventInvokeConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run(input, call) {
      const fn = requireFunction(call.aws, functionPlace(input.FunctionName, call, input.Qualifier));
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
      for (const { Destination } of [DestinationConfig?.OnSuccess ?? {}, DestinationConfig?.OnFailure ?? {}]) {
        if (Destination) requireTarget("destination", Destination, DESTINATIONS);
      }
      fn.eventInvokeConfig = {
        LastModified: new Date(call.aws.clock.now()),
        FunctionArn: `${fn.arn}:$LATEST`,
        ...(MaximumRetryAttempts !== undefined && { MaximumRetryAttempts }),
        ...(MaximumEventAgeInSeconds !== undefined && { MaximumEventAgeInSeconds }),
        DestinationConfig: {
          OnSuccess: DestinationConfig?.OnSuccess ?? {},
          OnFailure: DestinationConfig?.OnFailure ?? {},
        },
      };
      return fn.eventInvokeConfig;
    },
  },
  GetFunctionEventInvokeConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, Qualifier }, call) {
      const place = functionPlace(FunctionName, call, Qualifier);
      const config = requireFunction(call.aws, place).eventInvokeConfig;
      if (config) return config;
      throw notConfigured(qualifiedArn(place));
    },
  },
  DeleteFunctionEventInvokeConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, Qualifier }, call) {
      const place = functionPlace(FunctionName, call, Qualifier);
      const fn = requireFunction(call.aws, place);
      if (!fn.eventInvokeConfig) throw notConfigured(qualifiedArn(place));
      fn.eventInvokeConfig = undefined;
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

const notConfigured = (arn: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The function ${arn} doesn't have an EventInvokeConfig`);
