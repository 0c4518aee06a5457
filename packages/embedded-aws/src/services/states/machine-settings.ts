import type { EncryptionConfiguration, LoggingConfiguration, TracingConfiguration } from "@aws-sdk/client-sfn";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { checkLogging, NO_LOGGING } from "./logging.ts";

/** A state machine's logging, tracing and encryption settings. */
export interface MachineSettings {
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
  readonly encryptionConfiguration: EncryptionConfiguration;
}

type Asked = { readonly [Name in keyof MachineSettings]?: MachineSettings[Name] | undefined };

export const USUAL_SETTINGS: MachineSettings = {
  loggingConfiguration: NO_LOGGING,
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
};

/**
 * The settings after a request; omitted ones stay.
 * @throws AwsError InvalidLoggingConfiguration
 */
export function changedSettings(aws: EmbeddedAws, asked: Asked, before: MachineSettings): MachineSettings {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = asked;
  return {
    loggingConfiguration: loggingConfiguration ? checkLogging(aws, loggingConfiguration) : before.loggingConfiguration,
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
