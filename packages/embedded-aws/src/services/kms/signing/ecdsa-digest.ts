import { createECDH, createPublicKey, type KeyObject, randomBytes } from "node:crypto";

/**
 * ECDSA over P-256 (FIPS 186-5, section 6.4) for a given digest, which node:crypto does not support. Signatures are
 * DER, as in KMS (KMS API reference, Sign).
 */

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];

/** Affine; undefined is the point at infinity. */
type Point = readonly [x: bigint, y: bigint];

export function signDigest(key: KeyObject, digest: Uint8Array): Uint8Array {
  const d = fromBase64Url(key.export({ format: "jwk" }).d);
  for (;;) {
    const k = fromBytes(randomBytes(32)) % N;
    const r = k === 0n ? 0n : multipleOfG(k) % N;
    const s = k === 0n ? 0n : modulo(inverse(k, N) * (fromBytes(digest) + r * d), N);
    if (r !== 0n && s !== 0n) return toDer(r, s);
  }
}

export function verifyDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = fromDer(signature) ?? [0n, 0n];
  if (r <= 0n || r >= N || s <= 0n || s >= N) return false;
  const jwk = createPublicKey(key).export({ format: "jwk" });
  const q: Point = [fromBase64Url(jwk.x), fromBase64Url(jwk.y)];
  const w = inverse(s, N);
  const sum = add(multiply(modulo(fromBytes(digest) * w, N), G), multiply(modulo(r * w, N), q));
  return sum !== undefined && sum[0] % N === r;
}

/** The x coordinate of `k` times the base point: the public key of the private key `k`. */
function multipleOfG(k: bigint): bigint {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(Buffer.from(hexOf(k), "hex"));
  return fromBytes(curve.getPublicKey().subarray(1, 33));
}

function multiply(times: bigint, point: Point): Point | undefined {
  let sum: Point | undefined;
  let doubled: Point | undefined = point;
  for (let left = times; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  return sum;
}

function add(a: Point | undefined, b: Point | undefined): Point | undefined {
  if (!a || !b) return a ?? b;
  const [ax, ay] = a;
  const [bx, by] = b;
  if (ax === bx && modulo(ay + by, P) === 0n) return undefined;
  const slope =
    ax === bx ? modulo((3n * ax * ax - 3n) * inverse(2n * ay, P), P) : modulo((by - ay) * inverse(bx - ax, P), P);
  const x = modulo(slope * slope - ax - bx, P);
  return [x, modulo(slope * (ax - x) - ay, P)];
}

const modulo = (value: bigint, of: bigint): bigint => ((value % of) + of) % of;

/** By Euclid's extended algorithm; `value` must not be a multiple of `of`. */
function inverse(value: bigint, of: bigint): bigint {
  let [a, b, x, y] = [modulo(value, of), of, 1n, 0n];
  while (b !== 0n) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  return modulo(x, of);
}

/** SEQUENCE { INTEGER r, INTEGER s } */
function toDer(...numbers: readonly bigint[]): Uint8Array {
  const integers = numbers.map((number) => {
    const bytes = Buffer.from(hexOf(number), "hex");
    const first = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.subarray(first);
    const whole = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short;
    return Buffer.concat([Buffer.of(2, whole.length), whole]);
  });
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}

/** Undefined unless all bytes are exactly such a sequence. */
function fromDer(signature: Uint8Array): [bigint, bigint] | undefined {
  const bytes = Buffer.from(signature);
  const rLength = bytes[3] ?? 0;
  const sLength = bytes[5 + rLength] ?? 0;
  const shaped =
    bytes[0] === 0x30 &&
    bytes[1] === bytes.length - 2 &&
    bytes[2] === 2 &&
    bytes[4 + rLength] === 2 &&
    rLength > 0 &&
    sLength > 0 &&
    bytes.length === 6 + rLength + sLength;
  if (!shaped) return undefined;
  return [fromBytes(bytes.subarray(4, 4 + rLength)), fromBytes(bytes.subarray(6 + rLength))];
}

const hexOf = (value: bigint): string => value.toString(16).padStart(64, "0");
const fromBytes = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
const fromBase64Url = (text: string | undefined): bigint => fromBytes(Buffer.from(text ?? "", "base64url"));
