import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { METRICS_NAMESPACE, type MetricName } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { alarmArns } from "../resources/alarm.ts";
import { resourceName } from "../resources/deployment.ts";

/** A widget of a dashboard (CloudWatch API reference, "Dashboard body structure and syntax"). */
interface Widget {
  readonly type: "text" | "alarm" | "metric";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Resources that the dashboard shows in addition to the images. */
interface Shown {
  readonly alarmArns: readonly string[];
  readonly promotionArn: string;
}

const COLUMNS = 24;

const HEIGHT = 6;

const DAY = 86_400;

type Graph = Readonly<Record<string, unknown>> & { readonly title: string; readonly metrics: readonly unknown[] };

/** The factory at a glance: alarms, a row for each image, and a row for promotions, notices and functions. */
export function dashboardBody(factory: Factory, { alarmArns, promotionArn }: Shown) {
  const images = Object.keys(factory.images);
  const machinery = [
    promotions(promotionArn),
    notDelivered(factory.name),
    ofFunctions("Functions: errors", "Errors", "Sum"),
    ofFunctions("Functions: milliseconds", "Duration", "Maximum"),
  ];
  const rolledOut = new Set(rolledOutChannels(factory).map(({ image }) => image));
  const rows = [
    ...images.map((name) => imageRow(factory, name)),
    ...[...rolledOut].map((name) => instancesRow(factory, name)),
    machinery,
  ];
  return {
    widgets: [
      text(`# Amint: ${factory.name}\nWhat each alarm means, and what to do: docs/operations.md, "Alarms".`),
      {
        type: "alarm",
        x: 0,
        y: 2,
        width: COLUMNS,
        height: 4,
        properties: { title: "Alarms", alarms: alarmArns, sortBy: "stateUpdatedTimestamp" },
      },
      ...rows.flatMap((graphs, row) => toWidgets(graphs, 6 + row * HEIGHT, factory.buildRegion)),
    ] satisfies Widget[],
  };
}

const text = (markdown: string): Widget => ({
  type: "text",
  x: 0,
  y: 0,
  width: COLUMNS,
  height: 2,
  properties: { markdown },
});

const toWidgets = (graphs: readonly Graph[], y: number, region: string): Widget[] =>
  graphs.map((graph, n) => {
    const width = COLUMNS / graphs.length;
    return {
      type: "metric",
      x: n * width,
      y,
      width,
      height: HEIGHT,
      properties: { view: "timeSeries", region, ...graph },
    };
  });

const metricsOf =
  ({ name: own }: Factory, image: string) =>
  (metric: MetricName, options: object, ...more: string[]) => [
    METRICS_NAMESPACE,
    metric,
    "factory",
    own,
    "image",
    image,
    ...more,
    options,
  ];

/** Open advisories on instances of groups that follow an image's channels. */
function instancesRow(factory: Factory, name: string): Graph[] {
  const of = metricsOf(factory, name);
  const { patched90 } = factory.objectives;
  return [
    {
      title: `${name}: instances with an open advisory`,
      stat: "Maximum",
      period: 300,
      metrics: [of("UnpatchedInstances", {})],
    },
    {
      title: `${name}: seconds until 90 % of the instances were patched`,
      stat: "Maximum",
      period: 300,
      metrics: [of("PatchedSeconds90", {})],
      ...(patched90 !== undefined && { annotations: { horizontal: [{ label: "objective", value: patched90 }] } }),
    },
  ];
}

function imageRow(factory: Factory, name: string): Graph[] {
  const image = factory.images[name] as Image;
  const of = metricsOf(factory, name);
  const limit = staleAfter(factory.images, name);
  const limits = limit !== undefined && {
    annotations: { horizontal: [{ label: "alarm", value: limit / DAY }] },
  };
  return [
    {
      title: `${name}: days since its packages were patched`,
      stat: "Maximum",
      period: 3600,
      metrics: image.channels.flatMap((channel, n) => [
        [{ expression: `age${n}/${DAY}`, label: channel.name, id: `days${n}` }],
        of("PromotedBuildAge", { id: `age${n}`, visible: false }, "channel", channel.name),
      ]),
      ...limits,
    },
    {
      title: `${name}: builds a day`,
      stat: "Sum",
      period: DAY,
      view: "bar",
      metrics: (["BuildsAvailable", "BuildsFailed", "BuildsCancelled"] as const).map((metric) => of(metric, {})),
    },
    { title: `${name}: seconds a build takes`, stat: "Maximum", period: DAY, metrics: [of("BuildDuration", {})] },
    {
      title: `${name}: findings left`,
      stat: "Maximum",
      period: DAY,
      metrics: ["critical", "high", "medium"].map((severity) =>
        of("FindingsLeft", { label: severity }, "severity", severity),
      ),
    },
  ];
}

const promotions = (arn: string): Graph => ({
  title: "Promotions",
  stat: "Sum",
  period: DAY,
  metrics: ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"].map((metric) => [
    "AWS/States",
    metric,
    "StateMachineArn",
    arn,
  ]),
});

const notDelivered = (factory: string): Graph => ({
  title: "Notices that failed",
  stat: "Sum",
  period: 3600,
  metrics: [[METRICS_NAMESPACE, "NoticesFailed" satisfies MetricName, "factory", factory]],
});

/**
 * All functions of the account together: with a line for each, the dashboard would have more than the 50 metrics that AWS
 * does not bill. CloudWatch's automatic dashboard for Lambda shows each function, free of charge.
 */
const ofFunctions = (title: string, metric: string, stat: string): Graph => ({
  title,
  stat,
  period: 3600,
  metrics: [["AWS/Lambda", metric]],
});

/** Sorted by name: the order of declaration depends on the imports. */
const shown = { alarmArns: alarmArns.toSorted() };

new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: resourceName("images", 255),
  dashboardBody: promotion.arn.apply((promotionArn) =>
    JSON.stringify(dashboardBody(factory, { ...shown, promotionArn })),
  ),
});
