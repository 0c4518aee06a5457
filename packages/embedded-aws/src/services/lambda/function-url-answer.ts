import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Cors } from "@aws-sdk/client-lambda";
import type { UrlRequest } from "./function-url-invocation.ts";

/** An HTTP response; a header that occurs several times (Set-Cookie) has a list. */
export interface UrlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
}

interface Structured {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

const JSON_TYPE = { "content-type": "application/json" };

/** The function failed, or did not answer a valid HTTP response. */
export const badGateway: UrlResponse = { status: 502, headers: JSON_TYPE, body: "Internal Server Error" };

/** Headers of the connection, which the function cannot set. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/**
 * A function's result as an HTTP response (developer guide, "Response payload format"): with a `statusCode` it is the
 * response, without one it is the body of a 200. @param payload JSON
 */
export function toUrlResponse(payload: string): UrlResponse {
  const result: unknown = JSON.parse(payload);
  if (!isObject(result) || !("statusCode" in result)) return { status: 200, headers: JSON_TYPE, body: payload };
  return structured(result as unknown as Structured) ?? badGateway;
}

function structured({ statusCode, headers, cookies, body, isBase64Encoded }: Structured): UrlResponse | undefined {
  if (!Number.isInteger(statusCode) || (statusCode as number) < 200 || (statusCode as number) > 599) return undefined;
  if ((body ?? "") !== "" && typeof body !== "string") return undefined;
  const own = headerFields(headers ?? {});
  const set = cookies ?? [];
  if (!own || !Array.isArray(set) || !set.every((one): one is string => isHeaderValue("set-cookie", one))) {
    return undefined;
  }
  const text = typeof body === "string" ? body : "";
  return {
    status: statusCode as number,
    headers: { ...JSON_TYPE, ...own, ...(set.length > 0 && { "set-cookie": set }) },
    body: isBase64Encoded === true ? Buffer.from(text, "base64") : text,
  };
}

/** With lower-case names; undefined if one cannot be sent. */
function headerFields(headers: unknown): Record<string, string> | undefined {
  if (!isObject(headers)) return undefined;
  const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  if (!fields.every(([name, value]) => isHeaderName(name) && isHeaderValue(name, value))) return undefined;
  return Object.fromEntries(fields.filter(([name]) => !NOT_ITS_OWN.has(name)));
}

const isHeaderName = (name: string): boolean => passes(() => validateHeaderName(name));

const isHeaderValue = (name: string, value: unknown): boolean =>
  typeof value === "string" && passes(() => validateHeaderValue(name, value));

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A browser's question whether it may send the real request (Fetch standard, "CORS-preflight request"). */
export const isPreflight = ({ method, headers }: UrlRequest): boolean =>
  method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;

/** Headers of Lambda's own answer to a preflight, which does not reach the function. Empty for other origins. */
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

/** CORS headers of a response, which replace the function's own (developer guide, "CORS"). */
export function corsHeaders(cors: Cors | undefined, { headers }: UrlRequest): Record<string, string> {
  const { origin } = headers;
  if (!cors || origin === undefined) return {};
  if (!cors.AllowOrigins?.some((allowed) => allowed === "*" || allowed === origin)) return {};
  // By the URL's own config. With credentials browsers accept no wildcard, so the origin is named.
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
