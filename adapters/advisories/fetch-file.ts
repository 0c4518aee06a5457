import * as http from "node:http";
import * as https from "node:https";
import { FeedFailure } from "./feed-failure.ts";
import { publicLookup, requirePublicHost } from "./public-addresses.ts";

/** What reading a feed is bound to. */
export interface Bounds {
  readonly limits: FeedLimits;
  /** Aborted when the feed's time is over. */
  readonly signal: AbortSignal;
  /** The one place that need not be public: where a stand-in listens on this machine. */
  readonly standIn?: string;
  /** What is asked of servers that answer in several formats. */
  readonly accept?: string;
}

/** Binds a reading that begins now. @param standIn whether the feed says that its address is a stand-in's */
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
 * A small file that lists others, whole. Undefined where it is still the one of `known`.
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
 * What a service answers to a question in JSON, whole.
 * @throws FeedFailure
 */
export async function askService(address: string, question: object, bounds: Bounds): Promise<Buffer> {
  const fetched = await fetchPieces(address, bounds, bounds.limits.answer, {}, JSON.stringify(question));
  return Buffer.concat(fetched?.pieces ?? []);
}

/**
 * A file as it comes, in pieces of at most `limit` bytes together; undefined where it is still the one of `known`.
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

/** How much of a feed is read, and how long. What is more is a failure with its limit in the message. */
export interface FeedLimits {
  /** Bytes of a file that others are listed in: mirror list, repomd.xml, InRelease. */
  readonly index: number;
  /** Bytes of a signature in a file of its own. */
  readonly signature: number;
  /** Bytes of a service's answer, or of one document of many. */
  readonly answer: number;
  /** Bytes of a listed file, as it comes. */
  readonly packed: number;
  /** Bytes of a listed file, unpacked. */
  readonly unpacked: number;
  /** Bytes of one paragraph of `Packages`, and of the XML between one tag and the next. */
  readonly entry: number;
  /** Levels of elements, or of JSON. */
  readonly depth: number;
  /** Elements of XML, paragraphs of `Packages`, values of JSON. */
  readonly elements: number;
  /** Values of one part of a large JSON document, which is in memory at a time. */
  readonly part: number;
  readonly advisories: number;
  /** Bytes of everything that is kept, which concerns installed packages: see `KeptText`. */
  readonly kept: number;
  /** Milliseconds for the whole feed. */
  readonly time: number;
}

const MiB = 2 ** 20;

/**
 * Debian stable's main is 50 MB unpacked, Amazon Linux 2023's updateinfo below that: ten times as much passes. OSV answers
 * with at most 32 MiB. All of it together fits the function's memory: `test/advisories/feeds/bombs.test.ts`.
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

/** What a server said about a file's version: sent back to it, it answers only if there is another one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

interface Download extends Validators {
  /** As it comes; a server's `content-encoding` is not undone, because checksums are about the file as it lies there. */
  readonly body: http.IncomingMessage;
}

const REDIRECTS = 5;

/**
 * Asks for a file. Undefined where the server says that it is still the one of `known`.
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
    // A question is not sent to another address than the one it is for.
    const isMoved = question === undefined && [301, 302, 303, 307, 308].includes(statusCode);
    if (!isMoved || !headers.location) {
      throw new FeedFailure("http-status", file, `the server answered ${statusCode}, not 200`, { status: statusCode });
    }
    url = redirected(file, url, headers.location);
  }
  throw new FeedFailure("http-status", file, `redirected more than ${REDIRECTS} times`);
}

/** The failure that a broken transfer is. */
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
      // The addresses that are checked are those that are connected to: a name has no time to mean another one.
      options.lookup = publicLookup();
    }
    const send = (more: http.RequestOptions = {}) => {
      const sent = request(url, { ...options, ...more }, resolve)
        // A server closes idle connections, also while a large answer is parsed here: that says nothing about the server.
        .on("error", (cause) => (sent.reusedSocket && !signal.aborted ? send({ agent: false }) : refuse(cause)))
        .end(question);
    };
    send();
  });
}

const tooSlow = (file: string, cause: Error): FeedFailure =>
  new FeedFailure("too-slow", file, "the time limit of the feed was over", { cause });

function redirected(file: string, from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && from.protocol === "http:");
  if (url && secure) return url;
  throw new FeedFailure("http-status", file, `redirected to "${location}", not to an address as safe as its own`);
}

const validatorsOf = ({ etag, "last-modified": lastModified }: http.IncomingHttpHeaders): Validators => ({
  ...(etag && { etag }),
  ...(lastModified && { lastModified }),
});
