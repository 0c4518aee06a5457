import type * as Sdk from "@aws-sdk/client-s3";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { type Bucket, bucketNamed, onObject, versioningOf } from "./state.ts";

type Deleted = Pick<Sdk.DeleteObjectCommandOutput, "DeleteMarker" | "VersionId">;

const action = (version: string | undefined) => (version === undefined ? "DeleteObject" : "DeleteObjectVersion");

export const operations = {
  /** Deleting an object that does not exist succeeds. */
  DeleteObject: {
    authorize: ({ Bucket, Key, VersionId }, call) => [onObject(call, Bucket, Key, action(VersionId))],
    run: (input, call) => remove(call.aws, bucketNamed(call, input), input.Key ?? "", input.VersionId),
  },
  DeleteObjects: {
    authorize: ({ Bucket, Delete }, call) =>
      (Delete?.Objects ?? []).map(({ Key, VersionId }) => onObject(call, Bucket, Key, action(VersionId))),
    run(input, call) {
      const bucket = bucketNamed(call, input);
      const deleted = (input.Delete?.Objects ?? []).map(({ Key: key = "", VersionId: id }) => {
        const { DeleteMarker, VersionId } = remove(call.aws, bucket, key, id);
        return { Key: key, VersionId: id, DeleteMarker, DeleteMarkerVersionId: DeleteMarker ? VersionId : undefined };
      });
      return { Deleted: input.Delete?.Quiet ? undefined : deleted };
    },
  },
} satisfies Operations<typeof Sdk>;

function remove(aws: EmbeddedAws, bucket: Bucket, key: string, id: string | undefined): Deleted {
  const versions = bucket.objects.get(key) ?? [];
  if (id !== undefined) {
    const gone = versions.find((version) => version.id === id);
    keep(
      bucket,
      key,
      versions.filter((version) => version !== gone),
    );
    return gone?.deleted ? { DeleteMarker: true, VersionId: id } : { VersionId: id };
  }
  const versioning = versioningOf(bucket);
  if (versioning === undefined) {
    bucket.objects.delete(key);
    return {};
  }
  // In a versioned bucket a marker hides the object instead.
  const marker = {
    id: versioning === "Enabled" ? aws.uuid().replaceAll("-", "") : "null",
    deleted: true,
    body: new Uint8Array(),
    etag: "",
    modified: new Date(aws.clock.now()),
    description: {},
    tags: [],
  };
  keep(bucket, key, [marker, ...versions.filter((version) => version.id !== marker.id)]);
  return { DeleteMarker: true, VersionId: marker.id };
}

function keep(bucket: Bucket, key: string, versions: Bucket["objects"] extends Map<string, infer V> ? V : never): void {
  if (versions.length > 0) bucket.objects.set(key, versions);
  else bucket.objects.delete(key);
}
