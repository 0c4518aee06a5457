import * as http from "node:http";
import * as https from "node:https";
import { FeedFailure } from "./feed-failure.ts";

/** What a server said about a file's version: sent back to it, it answers only if there is another one. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface Download extends Validators {
  /** As it comes; a server's `content-encoding` is not undone, because checksums are about the file as it lies there. */
  readonly body: http.IncomingMessage;
}

const REDIRECTS = 5;

/**
 * Asks for a file. Undefined where the server says that it is still the one of `known`.
 * @param signal ends the wait and the transfer
 * @throws FeedFailure `unreachable`, `http-status`, `too-slow`
 */
export async function download(
  file: string,
  signal: AbortSignal,
  known: Validators = {},
): Promise<Download | undefined> {
  let url = new URL(file);
  for (let followed = 0; followed <= REDIRECTS; followed += 1) {
    const body = await ask(file, url, known, signal);
    const { statusCode = 0, headers } = body;
    if (statusCode === 200) return { body, ...validatorsOf(headers) };
    body.resume();
    if (statusCode === 304 && (known.etag || known.lastModified)) return undefined;
    if (![301, 302, 303, 307, 308].includes(statusCode) || !headers.location) {
      throw new FeedFailure("http-status", file, `the server answered ${statusCode}, not 200`);
    }
    url = redirected(file, url, headers.location);
  }
  throw new FeedFailure("http-status", file, `redirected more than ${REDIRECTS} times`);
}

/** The failure that a broken transfer is. */
export function toTransferFailure(file: string, signal: AbortSignal, cause: Error): FeedFailure {
  if (signal.aborted) return tooSlow(file, cause);
  return new FeedFailure("truncated", file, `the connection broke before the file's end (${cause.message})`, { cause });
}

function ask(file: string, url: URL, known: Validators, signal: AbortSignal): Promise<http.IncomingMessage> {
  const headers = {
    "accept-encoding": "identity",
    "user-agent": "amint",
    ...(known.etag && { "if-none-match": known.etag }),
    ...(known.lastModified && { "if-modified-since": known.lastModified }),
  };
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(signal.aborted ? tooSlow(file, cause) : new FeedFailure("unreachable", file, cause.message, { cause }));
    request(url, { headers, signal }, resolve).on("error", refuse).end();
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
