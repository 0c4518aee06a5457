import type { ParameterTier, ParameterType } from "@aws-sdk/client-ssm";
import { defineState } from "../../engine/embedded-aws.ts";

export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  readonly type: ParameterType;
  readonly dataType: string;
  readonly tier: ParameterTier;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  /** A SecureString's key. */
  readonly keyId: string | undefined;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
  readonly labels: Set<string>;
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  /** Oldest first, at most 100; the last is the current one. */
  readonly versions: ParameterVersion[];
  readonly tags: Map<string, string>;
}

interface SsmState {
  readonly parameters: Map<string, Parameter>;
  /** Names whose AMI id is being validated, or failed validation, with the time when they can be written again. */
  readonly validating: Map<string, number>;
  /** Pending validations; calling one completes it at once. */
  readonly undecided: Map<string, () => Promise<void>>;
}

/** AWS's public parameters (`/aws/service/...`) are stored under the account "". */
export const PUBLIC_ACCOUNT = "";

export const ssmState = defineState<SsmState>("ssm", () => ({
  parameters: new Map(),
  validating: new Map(),
  undecided: new Map(),
}));

/** The current version. A parameter has at least one. */
export function latest(parameter: Parameter): ParameterVersion {
  const version = parameter.versions.at(-1);
  if (!version) throw new Error(`parameter ${parameter.name} has no version`);
  return version;
}
