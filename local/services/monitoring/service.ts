import type { Service } from "../../operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteAlarms, describeAlarms } from "./alarms.ts";
import { putMetricAlarm } from "./put-metric-alarm.ts";

/** Amazon CloudWatch: alarms on the metrics that this AWS records itself. */
export const service: Service = {
  name: "monitoring",
  prefix: "cloudwatch",
  client: () => import("@aws-sdk/client-cloudwatch"),
  operations: bindTokens(
    {
      DeleteAlarms: deleteAlarms,
      DescribeAlarms: describeAlarms,
      PutMetricAlarm: putMetricAlarm,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidNextToken" },
  ),
};
