import { percentDecoded } from "./find-route.ts";
import type { WireRequest } from "./message.ts";

export interface S3Address {
  /** Undefined: the service itself, as in ListBuckets. */
  readonly bucket: string | undefined;
  /** What stands after the bucket, percent-encoded: `/` or `/<key>`. */
  readonly path: string;
}

/** A bucket stands in the host (`bucket.s3.eu-west-1.amazonaws.com`) or first in the path. */
export function s3Address(request: WireRequest): S3Address {
  const inHost = /^(.+)\.s3[.-][\w.-]*amazonaws\.com(?:\.cn)?(?::\d+)?$/.exec(request.headers.host ?? "")?.[1];
  if (inHost) return { bucket: inHost, path: request.path };
  const [, bucket, path] = /^\/([^/]+)(\/.*)?$/s.exec(request.path) ?? [];
  return { bucket: bucket === undefined ? undefined : percentDecoded(bucket), path: path ?? "/" };
}
