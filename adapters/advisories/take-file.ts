import { FeedFailure } from "./feed-failure.ts";
import { type Bounds, fetchPieces, type Validators } from "./fetch-file.ts";
import { Checksum, type Expected, type Packing, unpack } from "./file-content.ts";

/** A file listed in signed or trusted metadata. */
export interface Listed {
  /** Its URL. */
  readonly file: string;
  readonly packing: Packing;
  readonly packed: Expected;
  readonly unpacked?: Expected;
}

/**
 * Passes a listed file's content to `take`, decompressed, piece by piece; it is valid only after this returns. The
 * compressed file's checksum is verified first, so that only the author of the list could supply a decompression bomb.
 * @throws FeedFailure
 */
export async function takeListed(listed: Listed, bounds: Bounds, take: (piece: Uint8Array) => void): Promise<void> {
  const { file, packing, packed, unpacked } = listed;
  const asItCame = new Checksum(file, packed);
  const opened = unpacked && new Checksum(file, unpacked);
  const limit = Math.min(bounds.limits.packed, packed.size ?? Number.POSITIVE_INFINITY);
  const pieces = (await fetchPieces(file, bounds, limit))?.pieces ?? [];
  for (const piece of pieces) asItCame.update(piece);
  asItCame.end("as it came it");
  const most = Math.min(bounds.limits.unpacked, unpacked?.size ?? Number.POSITIVE_INFINITY);
  for await (const piece of unpackWithin(file, pieces, packing, most, bounds)) {
    opened?.update(piece);
    take(piece);
  }
  opened?.end("unpacked it");
}

/**
 * Opens a file without a known checksum; its content is valid only once it has been read completely. Undefined where it
 * is still `known`.
 * @returns `unpacked`, for one read; it throws FeedFailure
 */
export async function openFile(
  { file, packing }: Pick<Listed, "file" | "packing">,
  bounds: Bounds,
  known?: Validators,
): Promise<(Validators & { readonly unpacked: AsyncIterable<Uint8Array> }) | undefined> {
  const fetched = await fetchPieces(file, bounds, bounds.limits.packed, known);
  if (!fetched) return undefined;
  const { pieces, ...validators } = fetched;
  return { ...validators, unpacked: unpackWithin(file, pieces, packing, bounds.limits.unpacked, bounds) };
}

async function* unpackWithin(
  file: string,
  pieces: readonly Uint8Array[],
  packing: Packing,
  most: number,
  { signal }: Bounds,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const piece of unpack(pieces, packing)) {
      size += piece.byteLength;
      if (size > most) throw new FeedFailure("too-large", file, `unpacks to more than ${most} bytes`);
      if (signal.aborted) throw new FeedFailure("too-slow", file, "the feed's time limit was exceeded");
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof FeedFailure) throw cause;
    // zlib's message for an incomplete file.
    const code = said(cause).includes("unexpected end of file") ? "truncated" : "malformed";
    throw new FeedFailure(code, file, `cannot be unpacked (${said(cause)})`, { cause });
  }
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
