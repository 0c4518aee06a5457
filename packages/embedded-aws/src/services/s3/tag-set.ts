import type { Tag } from "@aws-sdk/client-s3";
import { AwsError } from "../../engine/aws-error.ts";

/** Maximum tags of each (S3 user guide, "Categorizing your objects using tags", "Using cost allocation tags"). */
const MOST = { Bucket: 50, Object: 10 };

/** @throws AwsError BadRequest, InvalidTag */
export function checkTagSet(of: keyof typeof MOST, tags: readonly Tag[]): void {
  const what = of === "Bucket" ? "Bucket tag count" : "Object tags";
  if (tags.length > MOST[of]) throw refused("BadRequest", `${what} cannot be greater than ${MOST[of]}`);
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw refused("InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  for (const { Key = "", Value = "" } of tags) {
    if (Key.length < 1 || Key.length > 128) throw refused("InvalidTag", "The TagKey you have provided is invalid");
    if (Value.length > 256) throw refused("InvalidTag", "The TagValue you have provided is invalid");
  }
}

/** The header `x-amz-tagging`: `team=images&stage=test`. */
export const parseTagging = (header: string | undefined): Tag[] =>
  [...new URLSearchParams(header ?? "")].map(([Key, Value]) => ({ Key, Value }));

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });
