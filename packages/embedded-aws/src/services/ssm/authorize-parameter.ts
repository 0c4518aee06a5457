import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeKey } from "../kms/authorize-key.ts";
import { sharingPolicy } from "../ram/reach.ts";
import { resourceTagContext } from "../tag-context.ts";
import { findParameter, parameterResource } from "./find-parameter.ts";
import { latest, type Parameter, type ParameterVersion } from "./state.ts";

/**
 * The resource and tags of one parameter, named or by ARN, with or without selector. Of another account's parameter the
 * shares that reach the caller are the policy; its tags are its owner's to see.
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

/** Reading a SecureString in the clear takes the key as well: KMS sees the caller, by way of Systems Manager. */
export function authorizeDecryption(
  call: Call,
  references: readonly string[],
  decrypt = false,
): Partial<Authorization>[] {
  if (!decrypt) return [];
  const keys = references.flatMap((reference) => {
    const parameter = findParameter(call.aws, call, reference);
    const version = parameter && latest(parameter);
    return parameter && version?.type === "SecureString" ? [keyOf(parameter, version, call)] : [];
  });
  return [...new Set(keys)].map((keyId) => authorizeParameterKey(call, "kms:Decrypt", keyId));
}

/** A key that is named without its account is one of the parameter's owner. */
function keyOf(parameter: Parameter, { keyId = "alias/aws/ssm" }: ParameterVersion, call: Call): string {
  const [, partition, , region, owner] = parameter.arn.split(":");
  if (owner === call.account || keyId.startsWith("arn:")) return keyId;
  return `arn:${partition}:kms:${region}:${owner}:${keyId.startsWith("alias/") ? "" : "key/"}${keyId}`;
}

export const authorizeParameterKey = (call: Call, action: string, keyId: string): Partial<Authorization> => ({
  action,
  ...authorizeKey(call, keyId, { "kms:ViaService": `ssm.${call.region}.amazonaws.com` }),
});
