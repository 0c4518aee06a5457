import { gzipSync } from "node:zlib";
import { digestOf } from "../../../ecr/manifest.ts";

/** A layer as it is pushed: an archive, compressed. */
export interface Layer {
  readonly blob: Uint8Array;
  /** The digest of the archive before it was compressed; an image's config lists it (OCI image specification). */
  readonly diffId: string;
}

const BLOCK = 512;

/** A layer with one file, as `docker` would unpack it. The same text makes the same layer. */
export function makeLayer(path: string, text: string): Layer {
  const content = Buffer.from(text);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  // Two empty blocks end an archive (POSIX, "pax", ustar interchange format).
  const archive = Buffer.concat([header(path, content.length), content, padding, Buffer.alloc(2 * BLOCK)]);
  return { blob: gzipSync(archive), diffId: digestOf(archive) };
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(path, 0, 100);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  // The sum counts its own field as spaces.
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
