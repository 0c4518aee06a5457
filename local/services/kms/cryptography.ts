import { AwsError } from "../../aws-error.ts";
import { type Authorization, type Operation, operation } from "../../operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { dryRunSucceeded } from "./dry-run.ts";
import { requireUsableKey } from "./usable-key.ts";

interface CryptographicInput {
  readonly KeyId?: string | undefined;
  readonly EncryptionContext?: Record<string, string> | undefined;
  readonly DryRun?: boolean | undefined;
}

const contextOf = (input: CryptographicInput): NonNullable<Authorization["context"]> => ({
  ...Object.fromEntries(
    Object.entries(input.EncryptionContext ?? {}).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]),
  ),
  "kms:EncryptionContextKeys": Object.keys(input.EncryptionContext ?? {}),
});

/** Says whether a principal may use a key, by a dry run. There is no key material, so nothing is really encrypted. */
function dryRunOnly(name: string): Operation<CryptographicInput, never> {
  return operation<CryptographicInput, never>({
    authorize: (input, call) => [authorizeKey(call, input.KeyId, contextOf(input))],
    run(input, call) {
      requireUsableKey(call, input.KeyId);
      if (input.DryRun) throw dryRunSucceeded();
      throw new AwsError("NotImplemented", `kms:${name} is built for DryRun only: keys have no key material here`);
    },
  });
}

export const cryptography = {
  Encrypt: dryRunOnly("Encrypt"),
  Decrypt: dryRunOnly("Decrypt"),
  GenerateDataKey: dryRunOnly("GenerateDataKey"),
  GenerateDataKeyWithoutPlaintext: dryRunOnly("GenerateDataKeyWithoutPlaintext"),
};
