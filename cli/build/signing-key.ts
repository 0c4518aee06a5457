import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** What signs the manifests of disk images. */
export interface SigningKey {
  /** In the form that `openssl dgst -sha256 -verify` takes. */
  sign(text: string): Uint8Array;
  /** The public key to verify with, in PEM. */
  readonly publicKeyFile: string;
}

const defaultFile = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "amint", "disk-signing-key.pem");

/**
 * A private key in PEM, RSA or elliptic curve. The public one is written beside it.
 * @param given left out: the user's own key, created on first use
 * @throws InvalidSigningKey
 */
export function openSigningKey(given: string | undefined): SigningKey {
  const file = given ?? defaultFile();
  if (given === undefined && !existsSync(file)) makeKey(file);
  const key = readKey(file);
  const publicKeyFile = `${file.replace(/\.pem$/, "")}.pub.pem`;
  if (!existsSync(publicKeyFile)) {
    writeFileSync(publicKeyFile, createPublicKey(key).export({ type: "spki", format: "pem" }));
  }
  return { sign: (text) => sign("sha256", Buffer.from(text), key), publicKeyFile };
}

function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
}

function readKey(file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ec") return key;
    throw new Error(`it is of the type ${key.asymmetricKeyType}`);
  } catch (cause) {
    throw new InvalidSigningKey(file, cause);
  }
}

class InvalidSigningKey extends Error {
  override readonly name = "InvalidSigningKey";

  constructor(file: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${file} is not a signing key: ${why}. Valid is a private key in PEM, RSA or elliptic curve.`, { cause });
  }
}
