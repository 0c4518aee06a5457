import * as http from "node:http";
import * as https from "node:https";
import { FeedFailure } from "./feed-failure.ts";
import { publicLookup, requirePublicHost } from "./public-addresses.ts";

/** Limits of reading a feed. */
export interface Bounds {
  readonly limits: FeedLimits;
  /** Aborted at the feed's time limit. */
  readonly signal: AbortSignal;
  /** The only non-public origin that is allowed: a stand-in on this machine. */
  readonly standIn?: string;
  /** The Accept header, for servers with several formats. */
  readonly accept?: string;
}

/** The limits of a read that starts now. @param standIn whether the feed's URL is a stand-in's */
export function boundsOf(address: string, standIn: true | undefined, given: Partial<FeedLimits> = {}): Bounds {
  const limits = { ...feedLimits, ...given };
  const { origin, hostname } = new URL(address);
  return {
    limits,
    signal: AbortSignal.timeout(limits.time),
    ...(standIn && hostname === "127.0.0.1" && { standIn: origin }),
  };
}

export interface Fetched extends Validators {
  readonly pieces: readonly Uint8Array[];
}

/**
 * Fetches a small index file as a whole. Undefined where it is still `known`.
 * @throws FeedFailure
 */
export async function fetchIndex(
  file: string,
  bounds: Bounds,
  known?: Validators,
  limit = bounds.limits.index,
): Promise<(Validators & { readonly bytes: Buffer }) | undefined> {
  const fetched = await fetchPieces(file, bounds, limit, known);
  if (!fetched) return undefined;
  const { pieces, ...validators } = fetched;
  return { ...validators, bytes: Buffer.concat(pieces) };
}

/**
 * Sends a JSON query to a service and returns its whole response.
 * @throws FeedFailure
 */
export async function askService(address: string, question: object, bounds: Bounds): Promise<Buffer> {
  const fetched = await fetchPieces(address, bounds, bounds.limits.answer, {}, JSON.stringify(question));
  return Buffer.concat(fetched?.pieces ?? []);
}

/**
 * Fetches a file of at most `limit` bytes in pieces; undefined where it is still `known`.
 * @throws FeedFailure
 */
export async function fetchPieces(
  file: string,
  bounds: Bounds,
  limit: number,
  known?: Validators,
  question?: string,
): Promise<Fetched | undefined> {
  const { signal } = bounds;
  const answer = await download(file, bounds, known, question);
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

/** Limits of a feed's size and time; the error message names the exceeded limit. */
export interface FeedLimits {
  /** Bytes of an index file: mirror list, repomd.xml, InRelease. */
  readonly index: number;
  /** Bytes of a detached signature. */
  readonly signature: number;
  /** Bytes of a service's response, or of one document. */
  readonly answer: number;
  /** Bytes of a listed file, compressed. */
  readonly packed: number;
  /** Bytes of a listed file, decompressed. */
  readonly unpacked: number;
  /** Bytes of one paragraph of `Packages`, and of XML between two tags. */
  readonly entry: number;
  /** Nesting levels of XML elements or JSON. */
  readonly depth: number;
  /** XML elements, paragraphs of `Packages`, JSON values. */
  readonly elements: number;
  /** JSON values in one part of a large document; one part is in memory at a time. */
  readonly part: number;
  readonly advisories: number;
  /** Bytes of all data kept about installed packages: see `KeptText`. */
  readonly kept: number;
  /** Milliseconds for the whole feed. */
  readonly time: number;
}

const MiB = 2 ** 20;

/**
 * Debian stable's main is 50 MB decompressed, Amazon Linux 2023's updateinfo less: the limits allow ten times as much.
 * OSV's responses have at most 32 MiB. All limits together fit the function's memory:
 * `test/advisories/feeds/bombs.test.ts`.
 */
export const feedLimits: FeedLimits = {
  index: 8 * MiB,
  signature: MiB / 16,
  answer: 32 * MiB,
  packed: 64 * MiB,
  unpacked: 512 * MiB,
  entry: 4 * MiB,
  depth: 64,
  elements: 10_000_000,
  part: 1_000_000,
  advisories: 100_000,
  kept: 64 * MiB,
  time: 120_000,
};

/** A file's cache validators: with them, the server returns the file only if it has changed. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

interface Download extends Validators {
  /** As sent; `content-encoding` is not decoded, because checksums apply to the stored file. */
  readonly body: http.IncomingMessage;
}

const REDIRECTS = 5;

/**
 * Requests a file. Undefined where the server reports that it is still `known`.
 * @throws FeedFailure `unreachable`, `http-status`, `too-slow`
 */
async function download(
  file: string,
  bounds: Bounds,
  known: Validators = {},
  question?: string,
): Promise<Download | undefined> {
  let url = new URL(file);
  for (let followed = 0; followed <= REDIRECTS; followed += 1) {
    const body = await ask(file, url, known, bounds, question);
    const { statusCode = 0, headers } = body;
    if (statusCode === 200) return { body, ...validatorsOf(headers) };
    body.resume();
    if (statusCode === 304 && (known.etag || known.lastModified)) return undefined;
    // A query is not redirected to another URL.
    const isMoved = question === undefined && [301, 302, 303, 307, 308].includes(statusCode);
    if (!isMoved || !headers.location) {
      throw new FeedFailure("http-status", file, `the server answered ${statusCode}, not 200`, { status: statusCode });
    }
    url = redirected(file, url, headers.location);
  }
  throw new FeedFailure("http-status", file, `redirected more than ${REDIRECTS} times`);
}

/** Converts a broken transfer to a failure. */
function toTransferFailure(file: string, signal: AbortSignal, cause: Error): FeedFailure {
  if (signal.aborted) return tooSlow(file, cause);
  return new FeedFailure("truncated", file, `the connection broke before the file's end (${cause.message})`, { cause });
}

function ask(
  file: string,
  url: URL,
  known: Validators,
  { signal, standIn, accept }: Bounds,
  question?: string,
): Promise<http.IncomingMessage> {
  const headers = {
    ...(question !== undefined && {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(question),
    }),
    ...(accept && { accept }),
    "accept-encoding": "identity",
    "user-agent": "amint",
    ...(known.etag && { "if-none-match": known.etag }),
    ...(known.lastModified && { "if-modified-since": known.lastModified }),
  };
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(signal.aborted ? tooSlow(file, cause) : new FeedFailure("unreachable", file, cause.message, { cause }));
    const method = question === undefined ? "GET" : "POST";
    const options: http.RequestOptions = { method, headers, signal };
    if (url.origin !== standIn) {
      try {
        requirePublicHost(url);
      } catch (cause) {
        return refuse(cause as Error);
      }
      // Connects to the checked addresses only: the name cannot resolve to another address in between.
      options.lookup = publicLookup();
    }
    const send = (more: http.RequestOptions = {}) => {
      const sent = request(url, { ...options, ...more }, resolve)
        // A server may close an idle connection while a large response is parsed here: retry on a new one.
        .on("error", (cause) => (sent.reusedSocket && !signal.aborted ? send({ agent: false }) : refuse(cause)))
        .end(question);
    };
    send();
  });
}

const tooSlow = (file: string, cause: Error): FeedFailure =>
  new FeedFailure("too-slow", file, "the feed's time limit was exceeded", { cause });

function redirected(file: string, from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && from.protocol === "http:");
  if (url && secure) return url;
  throw new FeedFailure("http-status", file, `redirected to "${location}", which is less secure than its own URL`);
}

const validatorsOf = ({ etag, "last-modified": lastModified }: http.IncomingHttpHeaders): Validators => ({
  ...(etag && { etag }),
  ...(lastModified && { lastModified }),
});
