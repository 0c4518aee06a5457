import { AwsError } from "./engine/aws-error.ts";
import type { EmbeddedAws } from "./engine/embedded-aws.ts";
import { findByUrl, isFunctionHost, urlTarget } from "./services/lambda/function-url-address.ts";
import { corsHeaders } from "./services/lambda/function-url-answer.ts";
import type { UrlRequest } from "./services/lambda/function-url-invocation.ts";
import { refuseUnread } from "./wire/answer.ts";
import type { WireResponse } from "./wire/message.ts";
import { isBucketHost } from "./wire/routes.ts";

/**
 * A 12-digit access key is an account's root user, and functions run code on this machine. A page in a browser can
 * reach 127.0.0.1, and needs no permission to submit a form or JSON sent as text. So the server refuses requests that
 * browsers mark as a page's (Fetch standard, "Origin header"; W3C, "Fetch Metadata Request Headers"), and host names
 * that an attacker's DNS can point at 127.0.0.1. SDKs and command lines send neither.
 * @returns the refusal; undefined for a program's request
 */
export function refuseWebPage(aws: EmbeddedAws, request: UrlRequest): WireResponse | undefined {
  const message = wrongHost(request) ?? fromPage(aws, request);
  if (message === undefined) return undefined;
  return refuseUnread(aws, request, new AwsError("Forbidden", message, { status: 403 }));
}

/** Names that always resolve to this machine (RFC 6761, 6.3). */
const LOOPBACK = /^(?:(?:[a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

function wrongHost({ headers }: UrlRequest): string | undefined {
  const { host = "" } = headers;
  if (LOOPBACK.test(host) || isFunctionHost(host) || isBucketHost(host)) return undefined;
  return `The embedded AWS only serves 127.0.0.1, localhost and names under localhost, not the host "${host.slice(0, 100)}".`;
}

/** `none`: an address that the user opened. */
function fromPage(aws: EmbeddedAws, request: UrlRequest): string | undefined {
  const { origin, "sec-fetch-site": site = "none" } = request.headers;
  if (origin === undefined && site === "none") return undefined;
  if (urlTarget(request) && mayAskFunction(aws, request)) return undefined;
  const from = origin === undefined ? `Sec-Fetch-Site: ${site}` : `Origin: ${origin}`;
  return `The embedded AWS accepts no requests from web pages (${from.slice(0, 200)}).`;
}

/** A function's URL serves pages: its own, and those of the origins in its CORS configuration. */
function mayAskFunction(aws: EmbeddedAws, request: UrlRequest): boolean {
  const { origin, host, "sec-fetch-site": site } = request.headers;
  if (origin === undefined) return site === "same-origin";
  if (origin === `http://${host}`) return true;
  const cors = findByUrl(aws, urlTarget(request)?.id ?? "")?.url.cors;
  return corsHeaders(cors, request)["access-control-allow-origin"] !== undefined;
}
