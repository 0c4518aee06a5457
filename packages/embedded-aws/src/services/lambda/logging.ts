import type { ApplicationLogLevel, LoggingConfig, SystemLogLevel } from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/operation.ts";

/** A function's logging settings. */
export interface FunctionLogging {
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
    throw new AwsError(
      "InvalidParameterValueException",
      "ApplicationLogLevel and SystemLogLevel can be set with the log format JSON only.",
    );
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
