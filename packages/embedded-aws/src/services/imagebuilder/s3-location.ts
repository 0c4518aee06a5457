export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key`; undefined for anything else. */
export function s3Location(uri: string): S3Location | undefined {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}
