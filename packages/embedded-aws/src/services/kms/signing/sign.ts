import { constants, createHash, createPublicKey, privateEncrypt, publicDecrypt } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeKey, dryRunSucceeded, requireUsableKey } from "../find-key.ts";
import type { Key, SigningMaterial } from "../state.ts";
import { invalidKeyUsage, validationError } from "../state.ts";
import { hashOf, SIGNING_SPECS } from "./algorithms.ts";
import { signDigest, verifyDigest } from "./ecdsa-digest.ts";

/** Callers must hash longer messages (KMS API reference, Sign, "Message"); in bytes. */
const LONGEST_MESSAGE = 4096;

export const operations = {
  /** Signs with the key's private key: any program can verify the signature with its public key. */
  Sign: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId, contextOf(input))],
    run(input, call) {
      const { key, signing } = requireSigningKey(call, input);
      const digest = digestOf(input);
      if (input.DryRun) throw dryRunSucceeded();
      const { privateKey } = signing;
      const Signature =
        privateKey.asymmetricKeyType === "ec"
          ? signDigest(privateKey, digest)
          : privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo(input, digest));
      return { KeyId: key.arn, Signature, SigningAlgorithm: input.SigningAlgorithm };
    },
  },
  Verify: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId, contextOf(input))],
    run(input, call) {
      const { key, signing } = requireSigningKey(call, input);
      const digest = digestOf(input);
      if (input.DryRun) throw dryRunSucceeded();
      const signature = input.Signature ?? new Uint8Array();
      const { privateKey } = signing;
      const valid =
        privateKey.asymmetricKeyType === "ec"
          ? verifyDigest(privateKey, digest, signature)
          : recovered(signing, signature)?.equals(digestInfo(input, digest)) === true;
      if (!valid) throw new AwsError("KMSInvalidSignatureException", "");
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
    },
  },
  GetPublicKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireUsableKey(call, input.KeyId);
      if (!key.signing) {
        throw new AwsError("UnsupportedOperationException", `${key.arn} is a symmetric key and has no public key.`);
      }
      return {
        KeyId: key.arn,
        PublicKey: createPublicKey(key.signing.privateKey).export({ type: "spki", format: "der" }),
        KeySpec: key.signing.spec,
        CustomerMasterKeySpec: key.signing.spec,
        KeyUsage: "SIGN_VERIFY",
        SigningAlgorithms: [...algorithmsOf(key.signing)],
      };
    },
  },
} satisfies Operations<typeof Sdk>;

type Asked = Pick<Sdk.SignCommandInput, "KeyId" | "SigningAlgorithm" | "MessageType" | "Message">;

const contextOf = ({ SigningAlgorithm, MessageType }: Asked) => ({
  "kms:SigningAlgorithm": SigningAlgorithm ?? "",
  "kms:MessageType": MessageType ?? "RAW",
});

const algorithmsOf = ({ spec }: SigningMaterial): readonly Sdk.SigningAlgorithmSpec[] => SIGNING_SPECS[spec].algorithms;

/** @throws InvalidKeyUsageException if the key does not sign, or not with this algorithm */
function requireSigningKey(call: Call, input: Asked): { key: Key; signing: SigningMaterial } {
  const key = requireUsableKey(call, input.KeyId);
  const { signing } = key;
  if (!signing) {
    throw invalidKeyUsage(`${key.arn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`);
  }
  const { SigningAlgorithm: algorithm } = input;
  if (!algorithm || !algorithmsOf(signing).includes(algorithm)) {
    throw invalidKeyUsage(`Algorithm ${algorithm} is incompatible with key spec ${signing.spec}.`);
  }
  return { key, signing };
}

function digestOf({ Message: message = new Uint8Array(), MessageType: type, SigningAlgorithm }: Asked): Uint8Array {
  const { hash, bytes } = hashOf(SigningAlgorithm ?? "");
  if (type === "DIGEST") {
    if (message.length === bytes) return message;
    throw validationError(`Digest is invalid length for algorithm ${SigningAlgorithm}.`);
  }
  if (type !== undefined && type !== "RAW") {
    throw new AwsError(
      "NotImplemented",
      `kms:Sign is built only for the message types RAW and DIGEST, not for ${type}`,
    );
  }
  if (message.length > LONGEST_MESSAGE) {
    const wanted = `Member must have length less than or equal to ${LONGEST_MESSAGE}`;
    throw validationError(`1 validation error detected: Value at 'message' failed to satisfy constraint: ${wanted}`);
  }
  return createHash(hash).update(message).digest();
}

const digestInfo = ({ SigningAlgorithm }: Asked, digest: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(hashOf(SigningAlgorithm ?? "").digestInfo, "hex"), digest]);

/** The signed content of an RSA signature; undefined if it was not made with this key. */
function recovered({ privateKey }: SigningMaterial, signature: Uint8Array): Buffer | undefined {
  try {
    return publicDecrypt({ key: createPublicKey(privateKey), padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    return undefined;
  }
}
