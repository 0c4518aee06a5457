import { createHash } from "node:crypto";

const NODE = 1_000_000;

/**
 * A version `1.<0..999999>.<0..999999>` that follows from the content: the same content never bumps it, another one
 * does. Image Builder's components and recipes cannot be changed, only made anew under another version.
 */
export function contentVersion(content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest();
  return `1.${hash.readUInt32BE(0) % NODE}.${hash.readUInt32BE(4) % NODE}`;
}
