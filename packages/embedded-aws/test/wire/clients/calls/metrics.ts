import { answered, type FactoryCall, PRESENT, refused, time } from "../factory-call.ts";

const Namespace = "Amint";
const ofImage = { MetricName: "DaysSincePatch", Dimensions: [{ Name: "image", Value: "al2023-base" }] };
const metric = { Namespace, ...ofImage };
const month = { StartTime: time("2026-04-01T00:00:00Z"), EndTime: time("2026-05-01T00:00:00Z") };
const stat = { Metric: metric, Period: 3_600, Stat: "Maximum" };
const text = { type: "text", x: 0, y: 0, width: 24, height: 2, properties: { markdown: "# é" } };
const DashboardBody = JSON.stringify({ widgets: [text] });
const gone = { code: "ResourceNotFound", status: 404, message: "Dashboard none does not exist" };

/** CloudWatch: metrics and dashboards. Alarms are among the events' calls. */
export const METRIC_CALLS: readonly FactoryCall[] = [
  answered("monitoring:PutMetricData", { Namespace, MetricData: [{ ...ofImage, Value: 7.5, Unit: "None" }] }),
  refused(
    "monitoring:PutMetricData",
    { Namespace: "AWS/EC2", MetricData: [{ MetricName: "CPUUtilization", Value: 1 }] },
    {
      code: "InvalidParameterValue",
      ofSdk: "InvalidParameterValueException",
      status: 400,
      message: "The value AWS/ for parameter Namespace is invalid.",
    },
  ),
  answered("monitoring:ListMetrics", { Namespace }, { "Metrics.0.MetricName": "DaysSincePatch" }),
  answered(
    "monitoring:GetMetricStatistics",
    { ...metric, ...month, Period: 3_600, Statistics: ["Maximum"] },
    { Label: "DaysSincePatch", "Datapoints.0.Maximum": 7.5 },
  ),
  answered(
    "monitoring:GetMetricData",
    { ...month, MetricDataQueries: [{ Id: "age", MetricStat: stat }] },
    { "MetricDataResults.0.Id": "age", "MetricDataResults.0.Values": [7.5] },
  ),
  answered("monitoring:PutDashboard", { DashboardName: "amint", DashboardBody }),
  refused(
    "monitoring:PutDashboard",
    { DashboardName: "amint", DashboardBody: "{" },
    {
      code: "InvalidParameterInput",
      ofSdk: "DashboardInvalidInputError",
      status: 400,
      message: "must be a valid JSON object",
    },
  ),
  answered("monitoring:GetDashboard", { DashboardName: "amint" }, { DashboardBody, DashboardArn: PRESENT }),
  answered("monitoring:ListDashboards", {}, { "DashboardEntries.0.DashboardName": "amint" }),
  answered("monitoring:DeleteDashboards", { DashboardNames: ["amint"] }),
  refused("monitoring:DeleteDashboards", { DashboardNames: ["none"] }, gone),
  refused("monitoring:GetDashboard", { DashboardName: "none" }, gone),
];
