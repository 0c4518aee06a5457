import { badInput, type WireRequest } from "./message.ts";
import type { HttpRoute, OperationModel } from "./service-model.ts";

interface FoundRoute {
  readonly operation: OperationModel;
  readonly route: HttpRoute;
  /** Percent-decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The SDK adds this query field with the operation's name; other clients do not. */
const HINT = "x-id";

/** The most specific operation that matches this method, path, query and headers. */
export function findRoute(
  operations: Iterable<OperationModel>,
  request: WireRequest,
  path: string,
  onBucket: boolean,
): FoundRoute | undefined {
  let best: { operation: OperationModel; route: HttpRoute; match: RegExpExecArray; score: number } | undefined;
  for (const operation of operations) {
    const route = operation.route;
    if (!route || route.method !== request.method || route.onBucket !== onBucket) continue;
    const match = route.path.exec(path);
    const score = match ? particularity(operation, route, request) : undefined;
    if (match && score !== undefined && (!best || score > best.score)) best = { operation, route, match, score };
  }
  if (!best) return undefined;
  const { operation, route, match } = best;
  return {
    operation,
    route,
    labels: Object.fromEntries(route.labels.map((label, at) => [label, percentDecoded(match[at + 1] ?? "")])),
  };
}

/** @throws BadInput for a percent sign that does not begin a UTF-8 character */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badInput(`${text.slice(0, 100)} is not percent-encoded UTF-8`, "path");
  }
}

/** Undefined if the request lacks what the operation needs; otherwise how specifically it matches. */
function particularity(operation: OperationModel, route: HttpRoute, request: WireRequest): number | undefined {
  const query = route.query.filter(([name]) => name !== HINT);
  const meant =
    query.every(([name, value]) => request.query.get(name) === value) &&
    route.requiredQuery.every((name) => request.query.has(name)) &&
    route.requiredHeaders.every((name) => request.headers[name] !== undefined);
  const hinted = request.query.get(HINT) === operation.name;
  if (!meant && !hinted) return undefined;
  // Labels count against a route: a literal path is more specific.
  const named = query.length * 100 + (route.requiredQuery.length + route.requiredHeaders.length) * 10;
  return (hinted ? 10_000 : 0) + named - route.labels.length;
}

interface S3Address {
  /** Undefined: the service itself, as in ListBuckets. */
  readonly bucket: string | undefined;
  /** The part after the bucket, percent-encoded: `/` or `/<key>`. */
  readonly path: string;
}

const BUCKET_HOST = /^(.+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?(?::\d+)?$/;

/** Whether a `Host` header names a bucket. */
export const isBucketHost = (host: string): boolean => BUCKET_HOST.test(host);

/** The bucket is in the host (`bucket.s3.eu-west-1.amazonaws.com`) or first in the path. */
export function s3Address(request: WireRequest): S3Address {
  const inHost = BUCKET_HOST.exec(request.headers.host ?? "")?.[1];
  if (inHost) return { bucket: inHost, path: request.path };
  const [, bucket, path] = /^\/([^/]+)(\/.*)?$/s.exec(request.path) ?? [];
  return { bucket: bucket === undefined ? undefined : percentDecoded(bucket), path: path ?? "/" };
}
