import type { Cors } from "@aws-sdk/client-lambda";
import type { UrlRequest } from "./function-url-event.ts";

/** A browser asks, before the real request, whether it may send it (Fetch standard, "CORS-preflight request"). */
export const isPreflight = ({ method, headers }: UrlRequest): boolean =>
  method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;

/** Headers of Lambda's own answer to a preflight: the function never hears of it. None for an origin that may not. */
export function preflightHeaders(cors: Cors, request: UrlRequest): Record<string, string> {
  const headers = corsHeaders(cors, request);
  if (headers["access-control-allow-origin"] === undefined) return {};
  return {
    ...headers,
    ...list("access-control-allow-methods", cors.AllowMethods),
    ...list("access-control-allow-headers", cors.AllowHeaders),
    ...(cors.MaxAge !== undefined && { "access-control-max-age": String(cors.MaxAge) }),
  };
}

/** What an answer says to a browser; it takes the place of what the function itself says (developer guide, "CORS"). */
export function corsHeaders(cors: Cors | undefined, { headers }: UrlRequest): Record<string, string> {
  const { origin } = headers;
  if (!cors || origin === undefined) return {};
  if (!cors.AllowOrigins?.some((allowed) => allowed === "*" || allowed === origin)) return {};
  // As the URL's own config says; with credentials a browser takes no wildcard, so that the origin is named.
  const wildcard = cors.AllowOrigins.includes("*") && !cors.AllowCredentials;
  return {
    "access-control-allow-origin": wildcard ? "*" : origin,
    ...(!wildcard && { vary: "Origin" }),
    ...(cors.AllowCredentials && { "access-control-allow-credentials": "true" }),
    ...list("access-control-expose-headers", cors.ExposeHeaders),
  };
}

const list = (name: string, values: readonly string[] | undefined): Record<string, string> =>
  values?.length ? { [name]: values.join(",") } : {};
