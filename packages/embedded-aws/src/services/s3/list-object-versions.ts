import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { byKey, PAGE, urlEncoded } from "./read-objects.ts";
import { bucketNamed, type ObjectVersion, onBucket } from "./state.ts";

/** A version of an object, or a folder that stands for all versions of its objects. */
type Line = { readonly key: string; readonly version?: ObjectVersion; readonly latest?: boolean };

export const operations = {
  /** Versions and delete markers share a page: by key, the newest version first. */
  ListObjectVersions: {
    authorize: ({ Bucket, Prefix, Delimiter }, call) => [
      onBucket(call, Bucket, "ListBucketVersions", {
        ...(Prefix === undefined ? {} : { "s3:prefix": Prefix }),
        ...(Delimiter === undefined ? {} : { "s3:delimiter": Delimiter }),
      }),
    ],
    run(input, call) {
      const { Prefix = "", Delimiter, KeyMarker, VersionIdMarker } = input;
      if (VersionIdMarker !== undefined && KeyMarker === undefined) {
        const message = "A version-id marker cannot be specified without a key marker.";
        throw new AwsError("InvalidArgument", message);
      }
      const bucket = bucketNamed(call, input);
      const size = Math.min(input.MaxKeys ?? PAGE, PAGE);
      const lines = after(linesOf(bucket.objects, Prefix, Delimiter), KeyMarker, VersionIdMarker);
      const page = lines.slice(0, size);
      const last = lines.length > page.length ? page.at(-1) : undefined;
      const encode = (text: string) => (input.EncodingType === "url" ? urlEncoded(text) : text);
      const listed = page.flatMap(({ key, version, latest }) =>
        version ? [{ version, Key: encode(key), VersionId: version.id, IsLatest: latest }] : [],
      );
      return {
        Name: bucket.name,
        Prefix: encode(Prefix),
        Delimiter: Delimiter === undefined ? undefined : encode(Delimiter),
        KeyMarker: encode(KeyMarker ?? ""),
        VersionIdMarker: VersionIdMarker ?? "",
        MaxKeys: size,
        EncodingType: input.EncodingType,
        IsTruncated: last !== undefined,
        ...(last && { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.version?.id }),
        Versions: listed
          .filter(({ version }) => !version.deleted)
          .map(({ version, ...one }) => ({
            ...one,
            LastModified: version.modified,
            ETag: version.etag,
            Size: version.body.length,
            StorageClass: "STANDARD" as const,
          })),
        DeleteMarkers: listed
          .filter(({ version }) => version.deleted)
          .map(({ version, ...one }) => ({ ...one, LastModified: version.modified })),
        CommonPrefixes: page.flatMap(({ key, version }) => (version ? [] : [{ Prefix: encode(key) }])),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function linesOf(objects: ReadonlyMap<string, ObjectVersion[]>, prefix: string, delimiter: string | undefined): Line[] {
  const folders = new Set<string>();
  const lines: Line[] = [];
  for (const [key, versions] of objects) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    if (end >= 0) folders.add(key.slice(0, end + (delimiter ?? "").length));
    else lines.push(...versions.map((version, at) => ({ key, version, latest: at === 0 })));
  }
  return [...lines, ...[...folders].map((key) => ({ key }))].sort(byKey);
}

/** The lines after a page's last one; without a version, after all versions of the key. */
function after(lines: readonly Line[], key: string | undefined, id: string | undefined): Line[] {
  if (key === undefined) return [...lines];
  const at = id === undefined ? -1 : lines.findIndex((one) => one.key === key && one.version?.id === id);
  return at < 0 ? lines.filter((one) => byKey(one, { key }) > 0) : lines.slice(at + 1);
}
