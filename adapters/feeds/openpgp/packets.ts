/** An OpenPGP packet: its type, and what is in it (RFC 9580, 4.2). */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/**
 * Takes a sequence of packets apart.
 * @throws RangeError where they do not add up
 */
export function toPackets(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, start, length } = header(bytes, at);
    if (start + length > bytes.length) throw new RangeError("an OpenPGP packet is longer than what there is");
    packets.push({ tag, body: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return packets;
}

function header(bytes: Buffer, at: number): { tag: number; start: number; length: number } {
  const first = bytes.readUInt8(at);
  if ((first & 0x80) === 0) throw new RangeError("an OpenPGP packet begins with another byte");
  if ((first & 0x40) !== 0) {
    const { start, length } = lengthAt(bytes, at + 1);
    return { tag: first & 0x3f, start, length };
  }
  const width = [1, 2, 4][first & 0x03];
  if (width === undefined) throw new RangeError("an OpenPGP packet of undetermined length");
  return { tag: (first >> 2) & 0x0f, start: at + 1 + width, length: bytes.readUIntBE(at + 1, width) };
}

/** A length of one, two or five bytes, as new packets and subpackets have it; `start` is behind it. */
export function lengthAt(bytes: Buffer, at: number): { start: number; length: number } {
  const first = bytes.readUInt8(at);
  if (first < 192) return { start: at + 1, length: first };
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192 };
  if (first === 255) return { start: at + 5, length: bytes.readUInt32BE(at + 1) };
  throw new RangeError("an OpenPGP packet in parts");
}

/** The multiprecision integers that follow one another from `at` on. */
export function integersAt(bytes: Buffer, at: number): Buffer[] {
  const integers: Buffer[] = [];
  for (let start = at; start < bytes.length; ) {
    const end = start + 2 + ((bytes.readUInt16BE(start) + 7) >> 3);
    if (end > bytes.length) throw new RangeError("an OpenPGP integer is longer than what there is");
    integers.push(bytes.subarray(start + 2, end));
    start = end;
  }
  return integers;
}

/** The bytes of an armored text, or of plain base64. The optional checksum of the armor proves nothing and is left out. */
export function fromArmor(text: string): Buffer {
  const armored = /-----BEGIN PGP [A-Z ]+-----\r?\n(?:[\w-]+: .*\r?\n)*\s*([\s\S]*?)-----END PGP [A-Z ]+-----/.exec(
    text,
  );
  const base64 = (armored?.[1] ?? text).replace(/^=[A-Za-z0-9+/]{4}\s*$/m, "").replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new RangeError("neither OpenPGP armor nor base64");
  return Buffer.from(base64, "base64");
}
