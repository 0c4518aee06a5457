import type { Authorization, Call } from "../../operation.ts";
import { authorizeKey } from "../kms/authorize-key.ts";
import { resourceTagContext } from "../tag-context.ts";
import { findParameter, parameterResource } from "./find-parameter.ts";
import { latest } from "./state.ts";

/** The resource and tags of one parameter, named or by ARN, with or without selector. */
export function authorizeParameter(
  call: Call,
  reference: string | undefined,
  context: Authorization["context"] = {},
): Partial<Authorization> {
  const { arn, owner } = parameterResource(call.aws, call, reference ?? "");
  const tags = findParameter(call.aws, call, reference ?? "")?.tags ?? [];
  return { resources: [arn], owner, context: { ...context, ...resourceTagContext(tags, ["aws", "ssm"]) } };
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
    return version?.type === "SecureString" ? [version.keyId ?? "alias/aws/ssm"] : [];
  });
  return [...new Set(keys)].map((keyId) => authorizeParameterKey(call, "kms:Decrypt", keyId));
}

export const authorizeParameterKey = (call: Call, action: string, keyId: string): Partial<Authorization> => ({
  action,
  ...authorizeKey(call, keyId, { "kms:ViaService": `ssm.${call.region}.amazonaws.com` }),
});
