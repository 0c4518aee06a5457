import type * as Sdk from "@aws-sdk/client-s3";
import type { Authorization, Call, Operations } from "../../engine/operation.ts";
import { onObject } from "./authorization.ts";
import { bucketNamed, type ObjectVersion, objectIn } from "./state.ts";
import { checkTagSet } from "./tag-set.ts";

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
