import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import {
  type Bucket,
  bucketNamed,
  bucketsOf,
  type ObjectVersion,
  objectIn,
  onBucket,
  onKey,
  onObject,
} from "./state.ts";

/** Maximum entries of a list's page. */
export const PAGE = 1000;

/** An entry of a list: an object, or a folder that stands for all objects in it. */
type Line = { readonly key: string; readonly version?: ObjectVersion };

export const operations = {
  /** The wire turns the object's bytes into a stream. */
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
  ListObjectsV2: {
    authorize: ({ Bucket, Prefix, Delimiter }, call) => [
      onBucket(call, Bucket, "ListBucket", {
        ...(Prefix === undefined ? {} : { "s3:prefix": Prefix }),
        ...(Delimiter === undefined ? {} : { "s3:delimiter": Delimiter }),
      }),
    ],
    run(input, call) {
      const bucket = bucketNamed(call, input);
      const size = Math.min(input.MaxKeys ?? PAGE, PAGE);
      const lines = linesOf(bucket, input.Prefix ?? "", input.Delimiter).filter(
        ({ key }) => key > (input.StartAfter ?? ""),
      );
      const { items, next } =
        size > 0 ? paginate(lines, input.ContinuationToken, size, "InvalidArgument") : { items: [] };
      const encode = (text: string) => (input.EncodingType === "url" ? urlEncoded(text) : text);
      const objects = items.flatMap(({ key, version }) => (version ? [{ key, version }] : []));
      const folders = items.filter(({ version }) => !version);
      return {
        Name: bucket.name,
        Prefix: encode(input.Prefix ?? ""),
        Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
        StartAfter: input.StartAfter,
        MaxKeys: size,
        EncodingType: input.EncodingType,
        KeyCount: items.length,
        IsTruncated: next !== undefined,
        ContinuationToken: input.ContinuationToken,
        ...(next !== undefined && { NextContinuationToken: next }),
        Contents: objects.map(({ key, version }) => ({
          Key: encode(key),
          LastModified: version.modified,
          ETag: version.etag,
          Size: version.body.length,
          StorageClass: "STANDARD",
        })),
        CommonPrefixes: folders.map(({ key }) => ({ Prefix: encode(key) })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** HeadObject requires the permission to get. */
function reading(input: Sdk.GetObjectCommandInput, call: Call) {
  const { Bucket: name, Key: key = "", VersionId: id } = input;
  const bucket = bucketsOf(call.aws).get(name ?? "");
  const version = bucket?.objects.get(key)?.find((one) => id === undefined || one.id === id);
  return [
    onObject(call, name, key, id === undefined ? "GetObject" : "GetObjectVersion"),
    // A caller without permission to list does not learn that an object is missing (API reference, GetObject,
    // "Permissions").
    ...(bucket && (!version || version.deleted) ? [onBucket(call, name, "ListBucket")] : []),
    ...(bucket && version ? onKey(call, bucket, key, version.description.SSEKMSKeyId, "Decrypt") : []),
  ];
}

function described(
  version: ObjectVersion,
  { ChecksumMode: mode }: Sdk.GetObjectCommandInput,
): Partial<Sdk.HeadObjectCommandOutput> {
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
    TagCount: version.tags.length || undefined,
  };
}

function checkConditions(input: Sdk.GetObjectCommandInput, { etag, modified }: ObjectVersion): void {
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

/** One range; S3 ignores any other header and answers the whole object. */
function rangeOf(header: string, size: number): { first: number; last: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (first <= last) return { first, last };
  throw new AwsError("InvalidRange", "The requested range is not satisfiable", { status: 416 });
}

function linesOf(bucket: Bucket, prefix: string, delimiter: string | undefined): Line[] {
  const lines = new Map<string, Line>();
  for (const [key, [version]] of bucket.objects) {
    if (!version || version.deleted || !key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const line: Line = end < 0 ? { key, version } : { key: key.slice(0, end + (delimiter ?? "").length) };
    lines.set(line.key, line);
  }
  return [...lines.values()].sort(byKey);
}

/** By the keys' UTF-8 bytes. */
export const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

export const urlEncoded = (text: string): string => encodeURIComponent(text).replaceAll("%2F", "/");
