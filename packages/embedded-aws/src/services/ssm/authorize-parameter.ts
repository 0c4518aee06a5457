import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { authorizeKey, requireUsableKey } from "../kms/find-key.ts";
import { sharingPolicy } from "../ram/reach.ts";
import { resourceTagContext } from "../tag-context.ts";
import { findParameter, findVersion, parameterResource, parseReference } from "./find-parameter.ts";
import { latest, type Parameter, type ParameterVersion } from "./state.ts";

/**
 * The resource and tags of one parameter, by name or ARN, with or without selector. For another account's parameter the
 * shares that include the caller are the policy; only its owner sees its tags.
 */
export function authorizeParameter(
  call: Call,
  reference: string | undefined,
  context: Authorization["context"] = {},
): Partial<Authorization> {
  const { arn, owner } = parameterResource(call.aws, call, reference ?? "");
  const foreign = owner !== call.account;
  const tags = findParameter(call.aws, call, reference ?? "")?.tags ?? [];
  return {
    resources: [arn],
    owner,
    ...(foreign && { resourcePolicy: sharingPolicy(call.aws, call.account, call.region, arn) }),
    context: { ...context, ...resourceTagContext(tags, ["aws", "ssm"]) },
  };
}

/** Versions of a parameter that a request reads. */
interface Read {
  readonly parameter: Parameter;
  readonly versions: readonly ParameterVersion[];
}

/** The version that a reference names; undefined if it does not exist. */
export function versionRead(call: Call, reference: string): Read[] {
  const parameter = findParameter(call.aws, call, reference);
  if (!parameter) return [];
  const { selector } = parseReference(reference);
  const version = selector ? findVersion(parameter, selector) : latest(parameter);
  return version ? [{ parameter, versions: [version] }] : [];
}

/**
 * Decrypting a SecureString also requires the key of each version: KMS sees the caller, through Systems Manager, and
 * the parameter's ARN as encryption context (Systems Manager user guide, "Parameter Store encryption context").
 */
export function authorizeDecryption(call: Call, read: readonly Read[], decrypt = false): Partial<Authorization>[] {
  if (!decrypt) return [];
  return read.flatMap(({ parameter, versions }) => {
    const secure = versions.filter(({ type }) => type === "SecureString");
    const keys = new Set(secure.map((version) => keyOf(parameter, version, call)));
    return [...keys].map((keyId) => authorizeParameterKey(call, "kms:Decrypt", keyId, parameter.arn));
  });
}

/** A key named without an account belongs to the parameter's owner. */
export function keyOf(
  { arn }: Pick<Parameter, "arn">,
  { keyId = DEFAULT_KEY }: Pick<ParameterVersion, "keyId">,
  call: Call,
): string {
  const [, partition, , region, owner] = arn.split(":");
  if (owner === call.account || keyId.startsWith("arn:")) return keyId;
  return `arn:${partition}:kms:${region}:${owner}:${keyId.startsWith("alias/") ? "" : "key/"}${keyId}`;
}

/** The default key of SecureStrings. */
export const DEFAULT_KEY = "alias/aws/ssm";

/** @param arn the parameter's ARN */
export const authorizeParameterKey = (
  call: Call,
  action: string,
  keyId: string,
  arn: string,
): Partial<Authorization> => ({
  action,
  ...authorizeKey(call, keyId, {
    "kms:ViaService": `ssm.${call.region}.amazonaws.com`,
    "kms:EncryptionContext:PARAMETER_ARN": arn,
    "kms:EncryptionContextKeys": ["PARAMETER_ARN"],
  }),
});

/** Systems Manager's error for an unusable key, which contains KMS's answer. @throws InvalidKeyId */
export function requireParameterKey(call: Call, keyId: string): void {
  try {
    requireUsableKey(call, keyId);
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    const { message, code } = refusal;
    throw new AwsError(
      "InvalidKeyId",
      `${message} (Service: AWSKMS; Status Code: 400; Error Code: ${code}; Request ID: ${call.aws.uuid()}; Proxy: null)`,
    );
  }
}
