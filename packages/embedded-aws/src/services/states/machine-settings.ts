import type { EncryptionConfiguration, LoggingConfiguration, TracingConfiguration } from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";

/** What a state machine says of its executions' logs and traces, and of the key that it is encrypted with. */
export interface MachineSettings {
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
  readonly encryptionConfiguration: EncryptionConfiguration;
}

type Asked = { readonly [Name in keyof MachineSettings]?: MachineSettings[Name] | undefined };

export const USUAL_SETTINGS: MachineSettings = {
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
};

/**
 * The settings after a request that may leave each of them out.
 * @throws AwsError InvalidLoggingConfiguration
 */
export function changedSettings(asked: Asked, before: MachineSettings): MachineSettings {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = asked;
  return {
    loggingConfiguration: loggingConfiguration ? checkedLogging(loggingConfiguration) : before.loggingConfiguration,
    tracingConfiguration: tracingConfiguration
      ? { enabled: tracingConfiguration.enabled ?? false }
      : before.tracingConfiguration,
    encryptionConfiguration: encryptionConfiguration ?? before.encryptionConfiguration,
  };
}

export const settingsOf = (machine: MachineSettings): MachineSettings => ({
  loggingConfiguration: machine.loggingConfiguration,
  tracingConfiguration: machine.tracingConfiguration,
  encryptionConfiguration: machine.encryptionConfiguration,
});

/** An ARN of a log group ends in `:*` here (API reference, CloudWatchLogsLogGroup). */
const LOG_GROUP = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:[^:*]+:\*$/;

function checkedLogging(asked: LoggingConfiguration): LoggingConfiguration {
  const { level = "OFF", includeExecutionData = false, destinations = [] } = asked;
  const usual = { level, includeExecutionData };
  if (level !== "OFF" && destinations.length !== 1) throw invalid("Must specify exactly one Log Destination.");
  const [group] = destinations.map(({ cloudWatchLogsLogGroup }) => cloudWatchLogsLogGroup?.logGroupArn ?? "");
  if (group === undefined) return usual;
  if (!LOG_GROUP.test(group)) throw invalid(`Invalid Log Destination: '${group}'`);
  return { ...usual, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: group } }] };
}

const invalid = (why: string): AwsError =>
  new AwsError("InvalidLoggingConfiguration", `Invalid Logging Configuration: ${why}`);
