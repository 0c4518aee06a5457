import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
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

export const tags = tagOperations<{ readonly ResourceARN?: string }>({
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
