import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { requireBus, requireRule } from "./state.ts";

/** Limit for a rule or a bus (EventBridge user guide, "Tagging resources"). */
const MOST_TAGS = 50;

/** The tags of the rule or bus with this ARN: `rule/<name>`, `rule/<bus>/<name>`, `event-bus/<name>`. */
function tagsOf(call: Call, arn: string): Map<string, string> {
  const [kind, first, second] = (arn.split(":")[5] ?? "").split("/");
  if (kind === "event-bus") return requireBus(call.aws, call, first).tags;
  if (kind === "rule") {
    const [bus, name] = second === undefined ? ["default", first] : [first, second];
    return requireRule(requireBus(call.aws, call, bus), name).tags;
  }
  throw new AwsError("ValidationException", `Parameter ${arn} is not valid. Reason: Provided Arn is not taggable.`);
}

const tags = tagOperations<{ readonly ResourceARN?: string }>({
  tags: "Tags",
  keys: "TagKeys",
  form: ["Key", "Value"],
  authorize: (_, { ResourceARN = "" }, context = {}) => [{ resources: [ResourceARN], context }],
  find: (call, { ResourceARN = "" }) => tagsOf(call, ResourceARN),
  check(after) {
    if (after.size <= MOST_TAGS) return;
    throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
  },
});

export const service: Service = {
  name: "events",
  client: () => import("@aws-sdk/client-eventbridge"),
  errors: { throttled: ["ThrottlingException", 400], failed: ["InternalException", 500] },
  paging: { asked: "NextToken", size: "Limit", usual: 100, refusal: "ValidationException" },
  operations: await collect(
    import("./buses.ts"),
    import("./put-events.ts"),
    import("./rules.ts"),
    tags,
    import("./targets.ts"),
  ),
};
