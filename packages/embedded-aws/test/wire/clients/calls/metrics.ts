import { answered, type FactoryCall, ofService, PRESENT, refused, time } from "../factory-call.ts";

const Namespace = "Amint";
const ofImage = { MetricName: "DaysSincePatch", Dimensions: [{ Name: "image", Value: "al2023-base" }] };
const metric = { Namespace, ...ofImage };
const month = { StartTime: time("2026-04-01T00:00:00Z"), EndTime: time("2026-05-01T00:00:00Z") };
const stat = { Metric: metric, Period: 3_600, Stat: "Maximum" };
const text = { type: "text", x: 0, y: 0, width: 24, height: 2, properties: { markdown: "# é" } };
const DashboardBody = JSON.stringify({ widgets: [text] });
const gone = "404 ResourceNotFound: Dashboard none does not exist";

/** CloudWatch: metrics and dashboards. Alarms are among the events' calls. */
export const METRIC_CALLS: readonly FactoryCall[] = ofService("monitoring", [
  answered("PutMetricData", { Namespace, MetricData: [{ ...ofImage, Value: 7.5, Unit: "None" }] }),
  refused("PutMetricData", { Namespace: "AWS/EC2", MetricData: [{ MetricName: "CPUUtilization", Value: 1 }] }).with(
    "400 InvalidParameterValue (InvalidParameterValueException): The value AWS/ for parameter Namespace is invalid.",
  ),
  answered("ListMetrics", { Namespace }).says({ "Metrics.0.MetricName": "DaysSincePatch" }),
  answered("GetMetricStatistics", { ...metric, ...month, Period: 3_600, Statistics: ["Maximum"] }).says({
    Label: "DaysSincePatch",
    "Datapoints.0.Maximum": 7.5,
  }),
  answered("GetMetricData", { ...month, MetricDataQueries: [{ Id: "age", MetricStat: stat }] }).says({
    "MetricDataResults.0.Id": "age",
    "MetricDataResults.0.Values": [7.5],
  }),
  answered("PutDashboard", { DashboardName: "amint", DashboardBody }),
  refused("PutDashboard", { DashboardName: "amint", DashboardBody: "{" }).with(
    "400 InvalidParameterInput (DashboardInvalidInputError): must be a valid JSON object",
  ),
  answered("GetDashboard", { DashboardName: "amint" }).says({ DashboardBody, DashboardArn: PRESENT }),
  answered("ListDashboards").says({ "DashboardEntries.0.DashboardName": "amint" }),
  answered("DeleteDashboards", { DashboardNames: ["amint"] }),
  refused("DeleteDashboards", { DashboardNames: ["none"] }).with(gone),
  refused("GetDashboard", { DashboardName: "none" }).with(gone),
]);
