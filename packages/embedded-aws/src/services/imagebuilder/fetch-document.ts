import type { Call } from "../../engine/operation.ts";
import { invalidValue } from "./refusals.ts";
import { callService } from "./state.ts";

interface Body {
  transformToString?(): Promise<string>;
}

/** A component's document from S3, read with the caller's permissions as in AWS. */
export async function fetchDocument(call: Call, uri: string): Promise<string> {
  const from = s3Location(uri);
  if (!from) throw invalidValue("uri", `'${uri}' must have the form s3://bucket/key.`);
  const { Body: body } = await callService<{ Body?: Uint8Array | Body }>(
    call.aws,
    "s3",
    "GetObject",
    { Bucket: from.bucket, Key: from.key },
    call,
  );
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return (await body?.transformToString?.()) ?? "";
}
interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key`; undefined for anything else. */
export function s3Location(uri: string): S3Location | undefined {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}
