import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteAlarms, describeAlarms } from "./alarms.ts";
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from "./dashboards.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { listMetrics } from "./list-metrics.ts";
import { putMetricAlarm } from "./put-metric-alarm.ts";
import { putMetricData } from "./put-metric-data.ts";

/** Amazon CloudWatch: metrics, that this AWS records itself and others put, alarms on them, and dashboards. */
export const service: Service = {
  name: "monitoring",
  prefix: "cloudwatch",
  client: () => import("@aws-sdk/client-cloudwatch"),
  operations: bindTokens(
    {
      DeleteAlarms: deleteAlarms,
      DeleteDashboards: deleteDashboards,
      DescribeAlarms: describeAlarms,
      GetDashboard: getDashboard,
      GetMetricData: getMetricData,
      GetMetricStatistics: getMetricStatistics,
      ListDashboards: listDashboards,
      ListMetrics: listMetrics,
      PutDashboard: putDashboard,
      PutMetricAlarm: putMetricAlarm,
      PutMetricData: putMetricData,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidNextToken" },
  ),
};
