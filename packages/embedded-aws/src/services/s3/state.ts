import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  /** `null` where the bucket kept no versions when it was written. */
  readonly id: string;
  readonly deleted: boolean;
  readonly body: Uint8Array;
  /** With its quotation marks. */
  readonly etag: string;
  readonly modified: Date;
  /** What the writer said of it and gets back: content type, user metadata, checksums, encryption. */
  readonly description: Readonly<Record<string, unknown>>;
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: Date;
  /** Newest version first. */
  readonly objects: Map<string, ObjectVersion[]>;
  /** The bucket policy, JSON. */
  policy: string | undefined;
  /** By the name of the operation without its verb, e.g. `BucketVersioning`, as it was put. */
  readonly configurations: Map<string, Readonly<Record<string, unknown>>>;
}

const buckets = defineState("s3", () => new Map<string, Bucket>());

/** Bucket names are the partition's, not an account's. */
export const bucketsOf = (aws: EmbeddedAws): Map<string, Bucket> => aws.state(buckets, "", "");

export const versioningOf = (bucket: Bucket): unknown => bucket.configurations.get("BucketVersioning")?.Status;
