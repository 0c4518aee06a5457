import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { fromArmor, integersAt, toPackets } from "./packets.ts";

/** A key that may have signed something. */
export interface PublicKey {
  /** Forty hexadecimal digits, upper case; the last sixteen are the key's id. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

const PUBLIC_KEY = 6;
const PUBLIC_SUBKEY = 14;

/**
 * Reads OpenPGP public keys and their subkeys: version 4, RSA and Ed25519, which is what distributions sign with. Whoever
 * configures a key trusts it: its expiry, its revocation and what binds a subkey to it are not looked at.
 * @throws RangeError where there is no such key
 */
export function readPublicKeys(text: string): PublicKey[] {
  const keys = toPackets(fromArmor(text))
    .filter(({ tag }) => tag === PUBLIC_KEY || tag === PUBLIC_SUBKEY)
    .flatMap(({ body }) => {
      const key = toKey(body);
      return key ? [{ key, fingerprint: fingerprintOf(body) }] : [];
    });
  if (keys.length === 0) throw new RangeError("no OpenPGP key of version 4 with RSA or Ed25519");
  return keys;
}

/** RFC 9580, 5.5.4.2. */
function fingerprintOf(body: Buffer): string {
  const length = Buffer.alloc(3, 0x99);
  length.writeUInt16BE(body.length, 1);
  return createHash("sha1").update(length).update(body).digest("hex").toUpperCase();
}

/** The object identifier by which OpenPGP named Ed25519 before it had a number for it. */
const ED25519 = "2b06010401da470f01";

function toKey(body: Buffer): KeyObject | undefined {
  const [version, algorithm] = [body.readUInt8(0), body.readUInt8(5)];
  if (version !== 4) return undefined;
  if (algorithm === 1 || algorithm === 3) {
    const [n, e] = integersAt(body, 6).map((integer) => integer.toString("base64url"));
    return n && e ? createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" }) : undefined;
  }
  if (algorithm === 22) {
    const end = 7 + body.readUInt8(6);
    const [point] = integersAt(body, end);
    // 0x40 before the point says that it is in its native form.
    return body.toString("hex", 7, end) === ED25519 && point?.length === 33 ? ed25519(point.subarray(1)) : undefined;
  }
  return algorithm === 27 ? ed25519(body.subarray(6, 38)) : undefined;
}

const ed25519 = (point: Buffer): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") }, format: "jwk" });
