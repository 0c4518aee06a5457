import { findFaults } from "embedded-aws/state";
import { describe, expect, it } from "vitest";
import { metricUnits } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import factory from "../../factory.config.ts";
import { list } from "../architecture/policies.ts";
import { at, namesOf, resourcesOf } from "../world/read-blueprint.ts";

const alarms = resourcesOf("MetricAlarm");
const images = Object.keys(factory.images);

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly alarms?: string[]; readonly metrics?: unknown[][]; readonly region?: string };
}

describe("log groups", () => {
  const groups = resourcesOf("LogGroup");
  const keeping = groups.filter((group) => Number(at(group, "retentionInDays")) > 0);
  const kept = new Set(keeping.map((group) => at<string>(group, "name")));

  it("keep messages for a limited time", () => {
    expect(namesOf(groups.filter((group) => !keeping.includes(group)))).toEqual([]);
  });

  it("exist for everything that writes logs, so that none is created without retention", () => {
    const functions = resourcesOf("Function").map((one) => at<string>(one, "loggingConfig", "logGroup"));
    const machines = resourcesOf("StateMachine").map((one) =>
      at<string>(one, "loggingConfiguration", "logDestination"),
    );
    const pipelines = resourcesOf("ImagePipeline").map((one) =>
      at<string>(one, "loggingConfiguration", "imageLogGroupName"),
    );
    const written = [...functions, ...machines.map((arn) => arn.split(":")[6] ?? ""), ...pipelines];

    expect(written.length).toBeGreaterThan(30);
    expect(written.filter((name) => !kept.has(name))).toEqual([]);
  });
});

describe("alarms", () => {
  it("notify on ALARM and on OK", () => {
    const silent = alarms.filter(
      (alarm) => list(at(alarm, "alarmActions")).length === 0 || list(at(alarm, "okActions")).length === 0,
    );

    expect(namesOf(silent)).toEqual([]);
  });

  it("watch the age of each image that a schedule rebuilds, and each image's breaker, which reconcile tells by the hour", () => {
    const watched = (metric: string) =>
      alarms
        .filter((alarm) => at(alarm, "metricName") === metric)
        .map((alarm) => [
          at(alarm, "dimensions", "image"),
          at(alarm, "threshold"),
          at(alarm, "period"),
          at(alarm, "treatMissingData"),
        ]);

    expect(watched("DaysSincePatch")).toEqual(
      expect.arrayContaining(
        images.map((image) => [image, (staleAfter(factory.images, image) ?? 0) / 86_400, 3600, "ignore"]),
      ),
    );
    expect(watched("BreakerOpen")).toEqual(expect.arrayContaining(images.map((image) => [image, 0, 3600, "ignore"])));
  });

  it("on metrics of the factory's own watch those that it has, with all of their dimensions", () => {
    const own = alarms.filter((alarm) => at(alarm, "namespace") === "Amint");

    expect(own.length).toBeGreaterThan(2 * images.length);
    for (const alarm of own) {
      expect(Object.keys(metricUnits)).toContain(at(alarm, "metricName"));
      expect(at(alarm, "dimensions", "factory")).toBe(factory.name);
    }
  });
});

describe("the dashboard", () => {
  const [dashboard] = resourcesOf("Dashboard");
  const body = at<string>(dashboard!, "dashboardBody");
  const { widgets } = JSON.parse(body) as { widgets: Widget[] };

  it("is one that CloudWatch takes, and no widget lies on another", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)}/${y + Math.floor(n / width)}`),
    );

    expect(findFaults(body)).toEqual([]);
    expect(widgets.filter(({ x, width }) => x + width > 24)).toEqual([]);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it("shows all alarms, and the errors of all functions", () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? []);

    expect(shown.map((arn) => arn.split(":alarm:")[1])).toEqual(
      expect.arrayContaining(alarms.map((alarm) => at<string>(alarm, "name"))),
    );
    expect(metrics).toContainEqual(["AWS/Lambda", "Errors"]);
  });

  it("is free in an account with at most two others: it has at most 50 metrics", () => {
    const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? []);

    expect(metrics.length).toBeGreaterThan(30);
    expect(metrics.filter(([namespace]) => typeof namespace === "string").length).toBeLessThanOrEqual(50);
  });

  it("shows every metric of the factory's own but those that only alarms need, of each image", () => {
    const own = widgets
      .flatMap(({ properties }) => properties.metrics ?? [])
      .filter(([namespace]) => namespace === "Amint")
      .map((metric) => metric.filter((part) => typeof part === "string"));
    const names = new Set(own.map(([, name]) => name));

    const left = Object.keys(metricUnits).filter((name) => !names.has(name));

    expect(left).toEqual(["DaysSincePatch", "BreakerOpen"]);
    for (const image of images) expect(own.filter((parts) => parts.includes(image)).length).toBeGreaterThan(6);
  });
});
