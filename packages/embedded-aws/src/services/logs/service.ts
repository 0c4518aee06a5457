import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { groupArn, groupContext, groupNotFound, nameInIdentifier, onGroup, requireGroup } from "./log-group.ts";

/** Limit for a log group (API reference, `TagResource`). */
const MOST_TAGS = 50;

/** @throws TooManyTagsException */
function checkTags({ size }: ReadonlyMap<string, string>, resource: string): void {
  if (size <= MOST_TAGS) return;
  throw new AwsError("TooManyTagsException", `A resource can have no more than ${MOST_TAGS} tags.`, {
    members: { resourceName: resource },
  });
}

/** A group by its ARN without `:*`. @throws ResourceNotFoundException also if it is not a group */
function groupOf(call: Call, arn = "") {
  if (!arn.startsWith(groupArn(call, ""))) throw groupNotFound();
  return requireGroup(call, nameInIdentifier(arn, call));
}

/** Amazon CloudWatch Logs: groups, streams, events, filters, and basic Logs Insights queries. */
export const service: Service = {
  name: "logs",
  client: () => import("@aws-sdk/client-cloudwatch-logs"),
  errors: { throttled: ["ThrottlingException", 400], failed: ["ServiceUnavailableException", 500] },
  paging: { asked: "nextToken", size: "limit", most: 50, refusal: "InvalidParameterException" },
  operations: await collect(
    import("./groups.ts"),
    import("./streams.ts"),
    import("./put-events.ts"),
    import("./get-events.ts"),
    import("./filter-events.ts"),
    import("./insights/queries.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: "map",
      authorize: (call, { resourceArn = "" }, context) => [
        { resources: [resourceArn], context: { ...groupContext(call, nameOf(call, resourceArn)), ...context } },
      ],
      find: (call, { resourceArn }) => groupOf(call, resourceArn).tags,
      check: (after, _added, { resourceArn = "" }) => checkTags(after, resourceArn),
    }),
    // Older names, which AWS still supports.
    tagOperations<{ readonly logGroupName?: string }>({
      add: "TagLogGroup",
      remove: "UntagLogGroup",
      show: "ListTagsLogGroup",
      tags: "tags",
      keys: "tags",
      form: "map",
      authorize: (call, { logGroupName = "" }, context) => [
        { ...onGroup(call, logGroupName), context: { ...groupContext(call, logGroupName), ...context } },
      ],
      find: (call, { logGroupName = "" }) => requireGroup(call, logGroupName).tags,
      check: (after, _added, { logGroupName = "" }) => checkTags(after, logGroupName),
    }),
  ),
};

const nameOf = (call: Call, arn: string): string => arn.slice(groupArn(call, "").length).replace(/:\*$/, "");
