import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { concurrencyOf, reservedBy } from "./concurrency.ts";
import { DESTINATIONS, requireTarget } from "./deliver-record.ts";
import {
  functionPlace,
  functions,
  invalidParameterValue,
  type LambdaFunction,
  qualifiedArn,
  requireFunction,
} from "./state.ts";

/**
 * Minimum left for functions without a reservation (developer guide, "Configuring reserved concurrency for a
 * function").
 */
const LEAST_UNRESERVED = 100;

/** @throws AwsError InvalidParameterValueException if too little is left for the account's other functions */
function requireUnreserved(call: Call, fn: LambdaFunction, reserved: number): void {
  const others = [...call.aws.state(functions, fn.account, fn.region).values()].filter((one) => one !== fn);
  if (reserved === 0 || concurrencyOf(call.aws, call) - reservedBy(others) - reserved >= LEAST_UNRESERVED) return;
  throw invalidParameterValue(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
  );
}

export const operations = {
  GetAccountSettings: {
    run(_input, call) {
      const all = [...call.aws.state(functions, call.account, call.region).values()];
      const limit = concurrencyOf(call.aws, call);
      return {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: limit,
          UnreservedConcurrentExecutions: limit - reservedBy(all),
        },
        AccountUsage: {
          TotalCodeSize: all.reduce((sum, { code }) => sum + (code?.size ?? 0), 0),
          FunctionCount: all.length,
        },
      };
    },
  },
  PutFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
      // The model's own check accepts fractions.
      if (!Number.isInteger(reserved)) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
        );
      }
      requireUnreserved(call, fn, reserved);
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
    },
  },
  /** Replaces the whole configuration: omitted settings return to Lambda's defaults. */
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
    },
  },
} satisfies Operations<typeof Sdk>;

const notConfigured = (arn: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The function ${arn} doesn't have an EventInvokeConfig`);
