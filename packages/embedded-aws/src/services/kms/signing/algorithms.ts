import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { KeySpec, SigningAlgorithmSpec } from "@aws-sdk/client-kms";

/** Digests for signing, with DER's DigestInfo before an RSA signature's digest (RFC 8017, 9.2, note 1). */
const HASHES = {
  SHA_256: { hash: "sha256", bytes: 32, digestInfo: "3031300d060960864801650304020105000420" },
  SHA_384: { hash: "sha384", bytes: 48, digestInfo: "3041300d060960864801650304020205000430" },
  SHA_512: { hash: "sha512", bytes: 64, digestInfo: "3051300d060960864801650304020305000440" },
} as const;

const RSA_ALGORITHMS = [
  "RSASSA_PKCS1_V1_5_SHA_256",
  "RSASSA_PKCS1_V1_5_SHA_384",
  "RSASSA_PKCS1_V1_5_SHA_512",
] as const satisfies readonly SigningAlgorithmSpec[];

interface SigningSpec {
  readonly algorithms: readonly SigningAlgorithmSpec[];
  /** Generates a real random key. */
  readonly make: () => KeyObject;
}

const rsa = (modulusLength: number): SigningSpec => ({
  algorithms: RSA_ALGORITHMS,
  make: () => generateKeyPairSync("rsa", { modulusLength }).privateKey,
});

/**
 * Key specs that can sign here, with their algorithms (KMS developer guide, "Asymmetric key specs"). Not built:
 * RSASSA_PSS and the other curves.
 */
export const SIGNING_SPECS = {
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: {
    algorithms: ["ECDSA_SHA_256"],
    make: () => generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey,
  },
} as const satisfies Partial<Record<KeySpec, SigningSpec>>;

export type SigningSpecName = keyof typeof SIGNING_SPECS;

export const isSigningSpec = (spec: string): spec is SigningSpecName => Object.hasOwn(SIGNING_SPECS, spec);

/** An algorithm's hash: the suffix of its name. */
export const hashOf = (algorithm: string): (typeof HASHES)[keyof typeof HASHES] =>
  HASHES[algorithm.slice(-"SHA_256".length) as keyof typeof HASHES];
