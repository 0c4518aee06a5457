import { createHash } from "node:crypto";
import type { Parameter as ParameterOutput } from "@aws-sdk/client-ssm";
import type { Found } from "./find-parameter.ts";
import type { ParameterVersion } from "./state.ts";

/** A parameter as the API shows it. SecureStrings stay unreadable unless the caller asked for decryption. */
export function toParameter({ parameter, version, selector }: Found, decrypt = false): ParameterOutput {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: shownValue(version, decrypt),
    Version: version.version,
    ...(selector && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameter.arn,
    DataType: version.dataType,
  };
}

/** Ciphertext is opaque: a digest that says nothing of the value serves. */
export const shownValue = (version: ParameterVersion, decrypt: boolean): string =>
  version.type === "SecureString" && !decrypt
    ? createHash("sha512").update(`${version.keyId}/${version.version}/${version.value}`).digest("base64")
    : version.value;
