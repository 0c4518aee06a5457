import { collect } from "../../engine/collect.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { findTopic, onTopic, type Topic } from "./state.ts";

/** Limit for a topic (SNS developer guide, "Topic tagging"). */
const MOST_TAGS = 50;

function requireFewTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size <= MOST_TAGS) return;
  throw new AwsError("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded");
}

function requireTagged(aws: EmbeddedAws, arn: string | undefined): Topic {
  const topic = findTopic(aws, arn);
  if (!topic) throw new AwsError("ResourceNotFound", "Resource does not exist");
  return topic;
}

export const service: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  // SNS's lists have a fixed page size (API reference, ListTopics).
  errors: { throttled: ["Throttled", 429], failed: ["InternalError", 500] },
  paging: { asked: "NextToken", size: "MaxItems", usual: 100, refusal: "InvalidParameterException" },
  operations: await collect(
    import("./publish.ts"),
    import("./subscriptions.ts"),
    tagOperations<{ readonly ResourceArn?: string }>({
      tags: "Tags",
      keys: "TagKeys",
      form: ["Key", "Value"],
      authorize: (call, { ResourceArn }, context = {}) =>
        onTopic(call, ResourceArn).map((one) => ({ ...one, context })),
      find: (call, { ResourceArn }) => requireTagged(call.aws, ResourceArn).tags,
      check: requireFewTags,
    }),
    import("./topics.ts"),
  ),
};
