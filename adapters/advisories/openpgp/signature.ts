import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";

/** A signature of version 4 (RFC 9580, 5.2.3). */
export interface Signature {
  /** The key's id or fingerprint, hexadecimal, upper case; empty where the signature has none. */
  readonly issuer: string;
  /** 0: of bytes; 1: of text, with lines that end in CR and LF. */
  readonly type: number;
  /** In milliseconds since 1970; absent without an expiry. */
  readonly expires?: number;
  /** Whether this key signed this data. */
  verify(key: KeyObject, data: Buffer): boolean;
}

const HASHES: Readonly<Record<number, string>> = { 8: "sha256", 9: "sha384", 10: "sha512" };

/** The supported subpackets. Any other critical subpacket makes the signature unusable. */
const [CREATED, EXPIRES, ISSUER, ISSUER_FINGERPRINT] = [2, 3, 16, 33];

/** Reads a signature packet's body; undefined where its version, hash or a critical subpacket is not supported. */
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
  // The digest's first two bytes precede the integers, for a quick check.
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

/** OpenPGP omits leading zeros of integers; other libraries need them. */
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

/** A key that may have signed something. */
export interface PublicKey {
  /** Forty hexadecimal digits, upper case; the last sixteen are the key's id. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

const PUBLIC_KEY = 6;

const PUBLIC_SUBKEY = 14;

/**
 * Reads OpenPGP public keys and subkeys: version 4, RSA and Ed25519, which distributions sign with. Configuring a key
 * means trusting it: expiry, revocation and subkey binding are not checked.
 * @throws RangeError where there is none
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

/** OpenPGP's object identifier of Ed25519, from before it had an algorithm number. */
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
    // 0x40 marks the point's native format.
    return body.toString("hex", 7, end) === ED25519 && point?.length === 33 ? ed25519(point.subarray(1)) : undefined;
  }
  return algorithm === 27 ? ed25519(body.subarray(6, 38)) : undefined;
}

const ed25519 = (point: Buffer): KeyObject =>
  createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") }, format: "jwk" });
/** An OpenPGP packet: type and content (RFC 9580, 4.2). */
interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/**
 * Parses a sequence of packets.
 * @throws RangeError where their lengths do not add up
 */
export function toPackets(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, start, length } = header(bytes, at);
    if (start + length > bytes.length) throw new RangeError("an OpenPGP packet is longer than the data");
    packets.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return packets;
}

function header(bytes: Buffer, at: number): { tag: number; start: number; length: number } {
  const first = bytes.readUInt8(at);
  if ((first & 0x80) === 0) throw new RangeError("an OpenPGP packet has an invalid first byte");
  if ((first & 0x40) !== 0) {
    const { start, length } = lengthAt(bytes, at + 1);
    return { tag: first & 0x3f, start, length };
  }
  const width = [1, 2, 4][first & 0x03];
  if (width === undefined) throw new RangeError("an OpenPGP packet has an indeterminate length");
  return { tag: (first >> 2) & 0x0f, start: at + 1 + width, length: bytes.readUIntBE(at + 1, width) };
}

/** A length of one, two or five bytes, as in new packets and subpackets; `start` is the position after it. */
function lengthAt(bytes: Buffer, at: number): { start: number; length: number } {
  const first = bytes.readUInt8(at);
  if (first < 192) return { start: at + 1, length: first };
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192 };
  if (first === 255) return { start: at + 5, length: bytes.readUInt32BE(at + 1) };
  throw new RangeError("an OpenPGP packet has a partial length");
}

/** The multiprecision integers from `at` on. */
function integersAt(bytes: Buffer, at: number): Buffer[] {
  const integers: Buffer[] = [];
  for (let start = at; start < bytes.length; ) {
    const end = start + 2 + ((bytes.readUInt16BE(start) + 7) >> 3);
    if (end > bytes.length) throw new RangeError("an OpenPGP integer is longer than the data");
    integers.push(bytes.subarray(start + 2, end));
    start = end;
  }
  return integers;
}

/** The bytes of an armored text or of plain base64. The armor's optional checksum is ignored. */
export function fromArmor(text: string): Buffer {
  const base64 = withinArmor(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !/^[\w-]+: |^=[A-Za-z0-9+/]{4}$/.test(line))
    .join("")
    .replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new RangeError("neither OpenPGP armor nor base64");
  return Buffer.from(base64, "base64");
}

/** The text between the armor's first and last line; the whole text without armor. Linear time. */
function withinArmor(text: string): string {
  const begins = /-----BEGIN PGP [A-Z ]{1,40}-----\r?\n/.exec(text);
  if (!begins) return text;
  const start = begins.index + begins[0].length;
  const end = text.indexOf("-----END PGP ", start);
  return end < 0 ? text : text.slice(start, end);
}
