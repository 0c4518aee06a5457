import type * as Sdk from "@aws-sdk/client-lambda";
import type { ApplicationLogLevel, LoggingConfig, SystemLogLevel } from "@aws-sdk/client-lambda";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";

/** One statement of a function's resource policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A function's URL. */
export interface FunctionUrl {
  /** 32 letters and digits, never reused: the first label of its host. */
  readonly id: string;
  readonly authType: Sdk.FunctionUrlAuthType;
  readonly cors: Sdk.Cors | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** A deployed function. */
export interface LambdaFunction {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** `functions/start-build.handler`, from `root`. */
  handler: string;
  /** The program's sources (see `parseProgram`), or its unpacked archive: an absolute folder. */
  root: string;
  /** The archive's size and hash, as Lambda shows them; undefined if it runs from sources. */
  code: { readonly size: number; readonly sha256: string } | undefined;
  /** ARN */
  role: string;
  description: string;
  environment: Readonly<Record<string, string>>;
  timeoutSeconds: number;
  memoryMb: number;
  /** `nodejs24.x` */
  runtime: string;
  architecture: string;
  logging: FunctionLogging;
  /** A queue or a topic. */
  deadLetterTargetArn: string | undefined;
  /** Stored but without effect: traces are not built, and /tmp is this machine's folder for temporary files. */
  tracing: Sdk.TracingMode;
  ephemeralStorageMb: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  revisionId: string;
  readonly tags: Map<string, string>;
  readonly policy: Map<string, PolicyStatement>;
  policyRevisionId: string;
  reservedConcurrency: number | undefined;
  eventInvokeConfig: Sdk.FunctionEventInvokeConfig | undefined;
  /** Whether Lambda lets it continue in a recursive loop. */
  recursiveLoop: Sdk.RecursiveLoop;
  url: FunctionUrl | undefined;
  /** Invocations in progress or waiting for a worker. */
  running: number;
}

/** Functions by name. */
export const functions = defineState("lambda functions", () => new Map<string, LambdaFunction>());

/** A function's location, from any form that AWS accepts. */
interface FunctionPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Unqualified. */
  readonly arn: string;
  /** A version or an alias; only `$LATEST` exists here. */
  readonly qualifier: string | undefined;
}

/** Name, `account:function:name` or ARN; each may end in `:qualifier`. From Lambda's API reference, `FunctionName`. */
const FORMS =
  /^(?:arn:(?<partition>aws[\w-]*):lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/** @throws AwsError ValidationException if the name has none of AWS's forms */
export function functionPlace(
  functionName: string | undefined,
  from: { readonly aws: EmbeddedAws; readonly account: string; readonly region: string },
  qualifier?: string,
): FunctionPlace {
  const form = FORMS.exec(functionName ?? "")?.groups;
  if (!form?.name) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${functionName ?? ""}' at 'functionName' failed to satisfy constraint: Member must be a function name, a partial ARN or an ARN`,
    );
  }
  const { account = from.account, region = from.region, name } = form;
  const arn = `arn:${from.aws.partition}:lambda:${region}:${account}:function:${name}`;
  return { account, region, name, arn, qualifier: qualifier ?? form.qualifier };
}

export const findFunction = (aws: EmbeddedAws, place: FunctionPlace): LambdaFunction | undefined =>
  place.qualifier === undefined || place.qualifier === "$LATEST"
    ? aws.state(functions, place.account, place.region).get(place.name)
    : undefined;

/** @throws AwsError ResourceNotFoundException */
export function requireFunction(aws: EmbeddedAws, place: FunctionPlace): LambdaFunction {
  const found = findFunction(aws, place);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", `Function not found: ${qualifiedArn(place)}`);
}

/** The requested ARN, for IAM policies. */
export const qualifiedArn = ({ arn, qualifier }: FunctionPlace): string =>
  qualifier === undefined ? arn : `${arn}:${qualifier}`;

/** A function's logging settings. */
interface FunctionLogging {
  readonly format: "Text" | "JSON";
  readonly group: string;
  /** For JSON only. */
  readonly applicationLevel: ApplicationLogLevel;
  readonly systemLevel: SystemLogLevel;
}

/**
 * A function's settings from the request; omitted ones stay as before, initially Lambda's defaults.
 * @throws AwsError InvalidParameterValueException for levels with text, which has none
 */
export function toLogging(name: string, asked: LoggingConfig = {}, before: LoggingConfig = {}): FunctionLogging {
  const { LogFormat: format = before.LogFormat ?? "Text", ApplicationLogLevel, SystemLogLevel } = asked;
  if (format === "Text" && (ApplicationLogLevel ?? SystemLogLevel) !== undefined) {
    throw invalidParameterValue("ApplicationLogLevel and SystemLogLevel can be set with the log format JSON only.");
  }
  return {
    format,
    group: asked.LogGroup || before.LogGroup || `/aws/lambda/${name}`,
    applicationLevel: ApplicationLogLevel ?? before.ApplicationLogLevel ?? "INFO",
    systemLevel: SystemLogLevel ?? before.SystemLogLevel ?? "INFO",
  };
}

export const loggingConfig = ({ format, group, applicationLevel, systemLevel }: FunctionLogging): LoggingConfig => ({
  LogFormat: format,
  ...(format === "JSON" && { ApplicationLogLevel: applicationLevel, SystemLogLevel: systemLevel }),
  LogGroup: group,
});

export const invalidParameterValue = (message: string): AwsError =>
  new AwsError("InvalidParameterValueException", message);
