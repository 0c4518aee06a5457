import type * as Sdk from "@aws-sdk/client-kms";
import { type Authorization, AwsError, type Operation, type Operations } from "../../engine/operation.ts";
import { authorizeKey, dryRunSucceeded, requireUsableKey } from "./find-key.ts";
import { invalidKeyUsage } from "./state.ts";

interface ReEncryptInput {
  readonly SourceKeyId?: string | undefined;
  readonly SourceEncryptionContext?: Record<string, string> | undefined;
  readonly DestinationKeyId?: string | undefined;
  readonly DestinationEncryptionContext?: Record<string, string> | undefined;
  readonly DryRun?: boolean | undefined;
}

interface CryptographicInput {
  readonly KeyId?: string | undefined;
  readonly EncryptionContext?: Record<string, string> | undefined;
  readonly DryRun?: boolean | undefined;
}

const contextOf = (context: Record<string, string> = {}): NonNullable<Authorization["context"]> => ({
  ...Object.fromEntries(Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
  "kms:EncryptionContextKeys": Object.keys(context),
});

const notBuilt = (name: string): AwsError =>
  new AwsError("NotImplemented", `kms:${name} is built only for DryRun: keys have no key material here`);

/** Checks by a dry run whether a principal may use a key. Keys have no key material, so nothing is encrypted. */
function dryRunOnly(name: string): Operation<CryptographicInput, never> {
  return {
    authorize: (input, call) => [authorizeKey(call, input.KeyId, contextOf(input.EncryptionContext))],
    run(input, call) {
      const key = requireUsableKey(call, input.KeyId);
      if (key.signing) {
        throw invalidKeyUsage(`${key.arn} key usage is SIGN_VERIFY which is not valid for ${name}.`);
      }
      if (input.DryRun) throw dryRunSucceeded();
      throw notBuilt(name);
    },
  };
}

/** Two permissions on two keys, which may be the same (KMS API reference, ReEncrypt, "Required permissions"). */
const reEncrypt: Operation<ReEncryptInput, never> = {
  authorize: (input, call) => [
    {
      action: "kms:ReEncryptFrom",
      ...authorizeKey(call, input.SourceKeyId, contextOf(input.SourceEncryptionContext)),
    },
    {
      action: "kms:ReEncryptTo",
      ...authorizeKey(call, input.DestinationKeyId, contextOf(input.DestinationEncryptionContext)),
    },
  ],
  run(input, call) {
    requireUsableKey(call, input.SourceKeyId);
    requireUsableKey(call, input.DestinationKeyId);
    if (input.DryRun) throw dryRunSucceeded();
    throw notBuilt("ReEncrypt");
  },
};

export const operations = {
  Encrypt: dryRunOnly("Encrypt"),
  Decrypt: dryRunOnly("Decrypt"),
  GenerateDataKey: dryRunOnly("GenerateDataKey"),
  GenerateDataKeyWithoutPlaintext: dryRunOnly("GenerateDataKeyWithoutPlaintext"),
  ReEncrypt: reEncrypt,
} satisfies Operations<typeof Sdk>;
