import type * as Sdk from "@aws-sdk/client-s3";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { onBucket } from "./authorization.ts";
import { bucketNamed } from "./find-bucket.ts";
import type { Bucket, ObjectVersion } from "./state.ts";

const PAGE = 1000;

/** One line of the list: an object, or a folder that stands for all objects in it. */
type Line = { readonly key: string; readonly version?: ObjectVersion };

export const operations = {
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

/** In the order of the keys' UTF-8 bytes. */
function linesOf(bucket: Bucket, prefix: string, delimiter: string | undefined): Line[] {
  const lines = new Map<string, Line>();
  for (const [key, [version]] of bucket.objects) {
    if (!version || version.deleted || !key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const line: Line = end < 0 ? { key, version } : { key: key.slice(0, end + (delimiter ?? "").length) };
    lines.set(line.key, line);
  }
  return [...lines.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

const urlEncoded = (text: string): string => encodeURIComponent(text).replaceAll("%2F", "/");
