import type * as Sdk from "@aws-sdk/client-s3";
import type { GetObjectCommandInput, HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { onBucket, onKey, onObject } from "./authorization.ts";
import { bucketNamed, objectIn } from "./find-bucket.ts";
import { bucketsOf, type ObjectVersion } from "./state.ts";

export const operations = {
  /** The object's bytes go out as they are; the wire makes a stream of them. */
  GetObject: {
    authorize: reading,
    run(input, call) {
      const version = objectIn(bucketNamed(call, input), input);
      checkConditions(input, version);
      const range = input.Range === undefined ? undefined : rangeOf(input.Range, version.body.length);
      if (!range) return { ...described(version, input), Body: version.body };
      return {
        ...described(version, { ...input, ChecksumMode: undefined }),
        Body: version.body.subarray(range.first, range.last + 1),
        ContentLength: range.last + 1 - range.first,
        ContentRange: `bytes ${range.first}-${range.last}/${version.body.length}`,
      };
    },
  },
  HeadObject: {
    authorize: reading,
    run(input, call) {
      const version = objectIn(bucketNamed(call, input), input);
      checkConditions(input, version);
      return described(version, input);
    },
  },
} satisfies Operations<typeof Sdk>;

/** HeadObject needs the right to get. */
function reading(input: GetObjectCommandInput, call: Call) {
  const { Bucket: name, Key: key = "", VersionId: id } = input;
  const bucket = bucketsOf(call.aws).get(name ?? "");
  const version = bucket?.objects.get(key)?.find((one) => id === undefined || one.id === id);
  return [
    onObject(call, name, key, id === undefined ? "GetObject" : "GetObjectVersion"),
    // Who may not list the bucket is not told that an object is missing (API reference, GetObject, "Permissions").
    ...(bucket && (!version || version.deleted) ? [onBucket(call, name, "ListBucket")] : []),
    ...(bucket && version ? onKey(call, bucket, key, version.description.SSEKMSKeyId, "Decrypt") : []),
  ];
}

function described(
  version: ObjectVersion,
  { ChecksumMode: mode }: GetObjectCommandInput,
): Partial<HeadObjectCommandOutput> {
  const description = Object.entries(version.description).filter(
    ([name]) => mode === "ENABLED" || !name.startsWith("Checksum"),
  );
  return {
    AcceptRanges: "bytes",
    ContentType: "binary/octet-stream",
    ...Object.fromEntries(description.filter(([, value]) => value !== undefined)),
    ContentLength: version.body.length,
    ETag: version.etag,
    LastModified: version.modified,
    VersionId: version.id === "null" ? undefined : version.id,
  };
}

function checkConditions(input: GetObjectCommandInput, { etag, modified }: ObjectVersion): void {
  if (input.IfMatch !== undefined && input.IfMatch !== etag && input.IfMatch !== "*") {
    throw new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      status: 412,
    });
  }
  const unchanged = input.IfModifiedSince !== undefined && modified <= input.IfModifiedSince;
  if (input.IfNoneMatch === etag || (input.IfNoneMatch === undefined && unchanged)) {
    throw new AwsError("NotModified", "Not Modified", { status: 304 });
  }
}

/** One range; S3 answers any other header with the whole object. */
function rangeOf(header: string, size: number): { first: number; last: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (first <= last) return { first, last };
  throw new AwsError("InvalidRange", "The requested range is not satisfiable", { status: 416 });
}
