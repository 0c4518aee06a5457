import { Checksum, type Expected } from "./checksum.ts";
import { download, toTransferFailure, type Validators } from "./download.ts";
import { FeedFailure } from "./feed-failure.ts";
import type { FeedLimits } from "./feed-limits.ts";
import { type Packing, unpack } from "./unpack.ts";

/** What reading a feed is bound to. */
export interface Bounds {
  readonly limits: FeedLimits;
  /** Aborted when the feed's time is over. */
  readonly signal: AbortSignal;
}

/** A file that signed or trusted metadata lists. */
export interface Listed {
  /** Its address. */
  readonly file: string;
  readonly packing: Packing;
  readonly packed: Expected;
  readonly unpacked?: Expected;
}

interface Fetched extends Validators {
  readonly pieces: readonly Uint8Array[];
}

/**
 * A small file that lists others, whole. Undefined where it is still the one of `known`.
 * @throws FeedFailure
 */
export async function fetchIndex(
  file: string,
  bounds: Bounds,
  known?: Validators,
): Promise<(Validators & { readonly bytes: Buffer }) | undefined> {
  const fetched = await fetch(file, bounds, bounds.limits.index, known);
  if (!fetched) return undefined;
  const { pieces, ...validators } = fetched;
  return { ...validators, bytes: Buffer.concat(pieces) };
}

/**
 * Gives a listed file's content, unpacked, piece by piece; what was taken counts only once this has returned. Nothing is
 * unpacked before the packed file's checksum was found right, so only who wrote the list can make us unpack a bomb.
 * @throws FeedFailure
 */
export async function takeListed(listed: Listed, bounds: Bounds, take: (piece: Uint8Array) => void): Promise<void> {
  const { file, packing, packed, unpacked } = listed;
  const asItCame = new Checksum(file, packed);
  const opened = unpacked && new Checksum(file, unpacked);
  const limit = Math.min(bounds.limits.packed, packed.size ?? Number.POSITIVE_INFINITY);
  const pieces = (await fetch(file, bounds, limit))?.pieces ?? [];
  for (const piece of pieces) asItCame.update(piece);
  asItCame.end("as it came it");
  const most = Math.min(bounds.limits.unpacked, unpacked?.size ?? Number.POSITIVE_INFINITY);
  let size = 0;
  try {
    for await (const piece of unpack(pieces, packing)) {
      size += piece.byteLength;
      if (size > most) throw new FeedFailure("too-large", file, `unpacks to more than ${most} bytes`);
      if (bounds.signal.aborted) throw new FeedFailure("too-slow", file, "the time limit of the feed was over");
      opened?.update(piece);
      take(piece);
    }
  } catch (cause) {
    if (cause instanceof FeedFailure) throw cause;
    throw new FeedFailure("malformed", file, `cannot be unpacked (${said(cause)})`, { cause });
  }
  opened?.end("unpacked it");
}

async function fetch(file: string, bounds: Bounds, limit: number, known?: Validators): Promise<Fetched | undefined> {
  const { signal } = bounds;
  const answer = await download(file, signal, known);
  if (!answer) return undefined;
  const { body, ...validators } = answer;
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > limit) throw new FeedFailure("too-large", file, `is more than ${limit} bytes`);
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof FeedFailure) throw cause;
    throw toTransferFailure(file, signal, cause instanceof Error ? cause : new Error(String(cause)));
  }
  return { ...validators, pieces };
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
