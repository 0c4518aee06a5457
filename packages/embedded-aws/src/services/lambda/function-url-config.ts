import type * as Sdk from "@aws-sdk/client-lambda";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { addressOf } from "./function-url-address.ts";
import { type FunctionUrl, findFunction, functionPlace, type LambdaFunction, requireFunction } from "./state.ts";

export const operations = {
  CreateFunctionUrlConfig: {
    authorize: authorizeUrl,
    run({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, call) {
      const { aws } = call;
      const fn = requireFunction(aws, functionPlace(FunctionName, call, Qualifier));
      refuseStreaming(InvokeMode);
      if (fn.url) {
        throw new AwsError(
          "ResourceConflictException",
          `Failed to create function url config for [functionArn = ${fn.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        );
      }
      const now = aws.clock.now();
      const url: FunctionUrl = { id: aws.hexId(32), authType: AuthType!, cors: Cors, createdAt: now, modifiedAt: now };
      fn.url = url;
      return toConfig(aws, fn, url);
    },
  },
  GetFunctionUrlConfig: {
    authorize: authorizeUrl,
    run({ FunctionName, Qualifier }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      return toConfig(call.aws, fn, requireUrl(fn));
    },
  },
  /** Omitted settings stay; `Cors` is replaced completely. */
  UpdateFunctionUrlConfig: {
    authorize: authorizeUrl,
    run({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, call) {
      const { aws } = call;
      const fn = requireFunction(aws, functionPlace(FunctionName, call, Qualifier));
      const { authType, cors, ...url } = requireUrl(fn);
      refuseStreaming(InvokeMode);
      const changed: FunctionUrl = {
        ...url,
        authType: AuthType ?? authType,
        cors: Cors ?? cors,
        modifiedAt: aws.clock.now(),
      };
      fn.url = changed;
      return toConfig(aws, fn, changed);
    },
  },
  DeleteFunctionUrlConfig: {
    authorize: authorizeUrl,
    run({ FunctionName, Qualifier }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      requireUrl(fn);
      fn.url = undefined;
    },
  },
  /** Those of one function: its own and, in AWS, those of its aliases. */
  ListFunctionUrlConfigs: {
    list: "FunctionUrlConfigs",
    authorize: authorizeUrl,
    run({ FunctionName }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
      return { FunctionUrlConfigs: fn.url ? [toConfig(call.aws, fn, fn.url)] : [] };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The requested auth type, or the function's, is a condition key of each of these operations. */
function authorizeUrl(
  { FunctionName, AuthType }: { FunctionName: string | undefined; AuthType?: string | undefined },
  call: Call,
): Partial<Authorization>[] {
  const place = functionPlace(FunctionName, call);
  const authType = AuthType ?? findFunction(call.aws, place)?.url?.authType;
  return [
    {
      resources: [place.arn],
      context: {
        "lambda:FunctionArn": place.arn,
        ...(authType !== undefined && { "lambda:FunctionUrlAuthType": authType }),
      },
    },
  ];
}

const toConfig = (aws: EmbeddedAws, fn: LambdaFunction, url: FunctionUrl) =>
  ({
    FunctionUrl: addressOf(aws, url, fn.region),
    FunctionArn: fn.arn,
    AuthType: url.authType,
    ...(url.cors && { Cors: url.cors }),
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.modifiedAt).toISOString(),
    InvokeMode: "BUFFERED",
  }) satisfies Sdk.FunctionUrlConfig;

function requireUrl({ url }: LambdaFunction): FunctionUrl {
  if (url) return url;
  throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.");
}

function refuseStreaming(mode: string | undefined): void {
  if (mode === undefined || mode === "BUFFERED") return;
  throw new AwsError(
    "NotImplemented",
    `lambda: a function URL with InvokeMode ${mode} is not built in the embedded AWS; use BUFFERED`,
  );
}
