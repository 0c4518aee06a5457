import type * as Sdk from "@aws-sdk/client-s3";
import type { Tag } from "@aws-sdk/client-s3";
import { type Authorization, AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { bucketNamed, type ObjectVersion, objectIn, onObject } from "./state.ts";

/** Tags of the newest version, unless another is named. They are set and removed together. */
export const operations = {
  GetObjectTagging: {
    authorize: (input, call) => onTags(call, "Get", input),
    run(input, call) {
      const version = objectIn(bucketNamed(call, input), input);
      return { ...versionOf(version), TagSet: [...version.tags] };
    },
  },
  PutObjectTagging: {
    authorize: (input, call) => onTags(call, "Put", input, input.Tagging?.TagSet),
    run(input, call) {
      const version = objectIn(bucketNamed(call, input), input);
      const tags = input.Tagging?.TagSet ?? [];
      checkTagSet("Object", tags);
      version.tags = tags;
      return versionOf(version);
    },
  },
  DeleteObjectTagging: {
    authorize: (input, call) => onTags(call, "Delete", input),
    run(input, call) {
      const version = objectIn(bucketNamed(call, input), input);
      version.tags = [];
      return versionOf(version);
    },
  },
} satisfies Operations<typeof Sdk>;

const versionOf = ({ id }: ObjectVersion) => (id === "null" ? {} : { VersionId: id });

interface Asked {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}

const onTags = (call: Call, verb: string, { Bucket, Key, VersionId }: Asked, tags: readonly Sdk.Tag[] = []) => [
  {
    ...onObject(call, Bucket, Key, `${verb}Object${VersionId === undefined ? "" : "Version"}Tagging`),
    context: objectTagContext(tags),
  },
];

/** S3's own condition keys for a request's tags (S3 user guide, "Tagging and access control policies"). */
export const objectTagContext = (tags: readonly Sdk.Tag[]): NonNullable<Authorization["context"]> =>
  tags.length === 0
    ? {}
    : {
        ...Object.fromEntries(tags.map(({ Key, Value = "" }) => [`s3:RequestObjectTag/${Key}`, Value])),
        "s3:RequestObjectTagKeys": tags.map(({ Key = "" }) => Key),
      };

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
