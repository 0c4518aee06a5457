import { createHash, type KeyObject, verify } from "node:crypto";
import { integersAt, lengthAt } from "./packets.ts";

/** A signature of version 4 (RFC 9580, 5.2.3). */
export interface Signature {
  /** The key's id or fingerprint, hexadecimal, upper case; empty where the signature does not say. */
  readonly issuer: string;
  /** 0: of bytes; 1: of text, whose lines end in CR and LF. */
  readonly type: number;
  /** In milliseconds since 1970; absent where it does not end. */
  readonly expires?: number;
  /** Whether this key made it, of this data. */
  verify(key: KeyObject, data: Buffer): boolean;
}

const HASHES: Readonly<Record<number, string>> = { 8: "sha256", 9: "sha384", 10: "sha512" };

/** Subpackets that are understood here. Another one that is critical makes the signature none. */
const [CREATED, EXPIRES, ISSUER, ISSUER_FINGERPRINT] = [2, 3, 16, 33];

/** Reads a signature packet's body; undefined where version, hash or a critical part of it is not known here. */
export function toSignature(body: Buffer): Signature | undefined {
  const [version, type, algorithm] = [body.readUInt8(0), body.readUInt8(1), body.readUInt8(2)];
  const hash = HASHES[body.readUInt8(3)];
  if (version !== 4 || type > 1 || !hash) return undefined;
  const hashedEnd = 6 + body.readUInt16BE(4);
  const unhashedEnd = hashedEnd + 2 + body.readUInt16BE(hashedEnd);
  const hashed = subpackets(body.subarray(6, hashedEnd));
  const all = [...hashed, ...subpackets(body.subarray(hashedEnd + 2, unhashedEnd))];
  if (hashed.some(({ critical, kind }) => critical && ![CREATED, EXPIRES, ISSUER, ISSUER_FINGERPRINT].includes(kind))) {
    return undefined;
  }
  const find = (from: readonly Subpacket[], kind: number) => from.find((one) => one.kind === kind)?.value;
  const created = find(hashed, CREATED)?.readUInt32BE(0) ?? 0;
  const seconds = find(hashed, EXPIRES)?.readUInt32BE(0) ?? 0;
  const issuer = find(all, ISSUER_FINGERPRINT)?.subarray(1) ?? find(all, ISSUER);
  const trailer = Buffer.concat([body.subarray(0, hashedEnd), Buffer.from([4, 0xff, 0, 0, 0, 0])]);
  trailer.writeUInt32BE(hashedEnd, trailer.length - 4);
  // Two bytes of the digest stand before the integers, for a quick look.
  const rest = body.subarray(unhashedEnd + 2);
  return {
    issuer: issuer?.toString("hex").toUpperCase() ?? "",
    type,
    ...(seconds > 0 && { expires: (created + seconds) * 1_000 }),
    verify: (key, data) => isMadeBy(key, algorithm, hash, Buffer.concat([data, trailer]), rest),
  };
}

function isMadeBy(key: KeyObject, algorithm: number, hash: string, signed: Buffer, rest: Buffer): boolean {
  const kind = key.asymmetricKeyType;
  if (kind === "rsa" && (algorithm === 1 || algorithm === 3)) {
    const [integer] = integersAt(rest, 0);
    const length = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    return integer !== undefined && verify(hash, signed, key, padded(integer, length));
  }
  if (kind !== "ed25519") return false;
  const digest = createHash(hash).update(signed).digest();
  if (algorithm === 27) return verify(null, digest, key, rest.subarray(0, 64));
  if (algorithm !== 22) return false;
  return verify(null, digest, key, Buffer.concat(integersAt(rest, 0).map((integer) => padded(integer, 32))));
}

/** Leading zeros are not written in OpenPGP's integers, and needed by everybody else. */
const padded = (integer: Buffer, length: number): Buffer =>
  Buffer.concat([Buffer.alloc(Math.max(0, length - integer.length)), integer]);

interface Subpacket {
  readonly kind: number;
  readonly critical: boolean;
  readonly value: Buffer;
}

function subpackets(bytes: Buffer): Subpacket[] {
  const found: Subpacket[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { start, length } = lengthAt(bytes, at);
    const kind = bytes.readUInt8(start);
    found.push({ kind: kind & 0x7f, critical: kind > 0x7f, value: bytes.subarray(start + 1, start + length) });
    at = start + length;
  }
  return found;
}
