import type * as Sdk from "@aws-sdk/client-cloudtrail";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { requireChangeable, requireTrail } from "./find-trail.ts";
import type { Trail } from "./state.ts";

const MOST_TAGS = 50;

/** @throws InvalidTagParameterException, TagsLimitExceededException */
export function requireTags(tags: readonly Sdk.Tag[] | undefined): (readonly [string, string])[] {
  const pairs = (tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);
  if (pairs.some(([key]) => key.startsWith("aws:")) || new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw new AwsError("InvalidTagParameterException", "Tag keys must be unique and not begin with aws:.");
  }
  requireFew(pairs.length);
  return pairs;
}

function requireFew(tags: number): void {
  if (tags <= MOST_TAGS) return;
  throw new AwsError("TagsLimitExceededException", `A trail has at most ${MOST_TAGS} tags.`);
}

/** Only trails have tags here; event data stores and channels are not built. */
function requireArn(arn = ""): string {
  if (/^arn:[^:]+:cloudtrail:[^:]*:\d{12}:trail\//.test(arn)) return arn;
  if (/^arn:[^:]+:cloudtrail:[^:]*:\d{12}:/.test(arn)) {
    throw new AwsError("ResourceTypeNotSupportedException", `The resource type of ${arn} is not supported.`);
  }
  throw new AwsError("CloudTrailARNInvalidException", `The ARN ${arn} is not a valid trail ARN.`);
}

function found(find: (call: Call, arn: string) => Trail, call: Call, arn: string | undefined): Trail {
  try {
    return find(call, requireArn(arn));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "TrailNotFoundException") throw error;
    throw new AwsError("ResourceNotFoundException", error.message);
  }
}

export const operations = {
  AddTags: {
    authorize: ({ ResourceId = "*", TagsList }) => [
      {
        resources: [ResourceId],
        context: requestTagContext((TagsList ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run({ ResourceId, TagsList }, call) {
      const { tags } = found(requireChangeable, call, ResourceId);
      const added = requireTags(TagsList);
      requireFew(new Set([...tags.keys(), ...added.map(([key]) => key)]).size);
      for (const [key, value] of added) tags.set(key, value);
    },
  },
  RemoveTags: {
    authorize: ({ ResourceId = "*" }) => [{ resources: [ResourceId] }],
    run({ ResourceId, TagsList = [] }, call) {
      const { tags } = found(requireChangeable, call, ResourceId);
      for (const { Key = "" } of TagsList) tags.delete(Key);
    },
  },
  ListTags: {
    authorize: ({ ResourceIdList = ["*"] }) => [{ resources: ResourceIdList }],
    run({ ResourceIdList = [] }, call) {
      const trails = ResourceIdList.map((arn) => found(requireTrail, call, arn));
      return {
        ResourceTagList: trails.map(({ arn, tags }) => ({
          ResourceId: arn,
          TagsList: [...tags].map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
