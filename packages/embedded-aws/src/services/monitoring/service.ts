import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { dashboardWithArn } from "./dashboards.ts";
import { metricsOf } from "./state.ts";

/** @throws AwsError ResourceNotFoundException for anything but alarms and dashboards: nothing else has tags here */
function tagsOf(call: Call, arn: string): Map<string, string> {
  const { alarms } = metricsOf(call.aws, call.account, call.region);
  const found = [...alarms.values()].find((alarm) => alarm.arn === arn) ?? dashboardWithArn(call, arn);
  if (found) return found.tags;
  throw new AwsError("ResourceNotFoundException", `Resource ${arn} does not exist.`);
}

/** Amazon CloudWatch: metrics from this AWS and from callers, alarms on them, and dashboards. */
export const service: Service = {
  name: "monitoring",
  prefix: "cloudwatch",
  client: () => import("@aws-sdk/client-cloudwatch"),
  paging: { asked: "NextToken", size: "MaxRecords", refusal: "InvalidNextToken" },
  operations: await collect(
    import("./alarms.ts"),
    import("./dashboards.ts"),
    import("./metrics.ts"),
    import("./set-alarm-state.ts"),
    tagOperations<{ readonly ResourceARN?: string }>({
      tags: "Tags",
      keys: "TagKeys",
      form: ["Key", "Value"],
      authorize: (_, { ResourceARN = "" }, context = {}) => [{ resources: [ResourceARN], context }],
      find: (call, { ResourceARN = "" }) => tagsOf(call, ResourceARN),
    }),
  ),
};
