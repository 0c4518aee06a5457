import type { LoggingConfig } from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";

/** Plain text, to the group that is named for the function. */
export const USUAL_LOGGING: LoggingConfig = { LogFormat: "Text" };

/**
 * What a request makes of a function's logging; what it leaves out stays.
 * @throws AwsError InvalidParameterValueException: only JSON has levels (API reference, LoggingConfig)
 */
export function changedLogging(asked: LoggingConfig | undefined, before: LoggingConfig): LoggingConfig {
  if (!asked) return before;
  const { ApplicationLogLevel, SystemLogLevel } = asked;
  const LogFormat = asked.LogFormat ?? before.LogFormat ?? "Text";
  const group = asked.LogGroup ?? before.LogGroup;
  const named = group === undefined ? {} : { LogGroup: group };
  if (LogFormat === "JSON") {
    return {
      LogFormat,
      ApplicationLogLevel: ApplicationLogLevel ?? before.ApplicationLogLevel ?? "INFO",
      SystemLogLevel: SystemLogLevel ?? before.SystemLogLevel ?? "INFO",
      ...named,
    };
  }
  if (ApplicationLogLevel !== undefined || SystemLogLevel !== undefined) {
    throw new AwsError(
      "InvalidParameterValueException",
      "ApplicationLogLevel and SystemLogLevel can only be set if LogFormat is JSON.",
    );
  }
  return { LogFormat, ...named };
}
