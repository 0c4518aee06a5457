import { describe, expect, it } from "vitest";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { recordEmbeddedMetrics, recordMetric } from "../../src/services/monitoring/record-metric.ts";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

const DAY = 24 * HOUR;

const at = (ms: number): Date => new Date(START + ms);

type Results = { MetricDataResults: { Id: string; Timestamps: Date[]; Values: number[]; StatusCode: string }[] };

const ofImage = [{ Name: "image", Value: "web" }];

const query = (given: object, id = "q", Period = 300, Stat = "Sum") => ({
  Id: id,
  MetricStat: { Metric: { Namespace: "Shop", MetricName: "Sold", Dimensions: ofImage, ...given }, Period, Stat },
});

/** One line of a log, as the embedded metric format wants it. */
const line = (given: object = {}, timestamp = START): string =>
  JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        { Namespace: "Shop", Dimensions: [["image"], []], Metrics: [{ Name: "Sold", Unit: "Count" }] },
      ],
    },
    image: "web",
    Sold: 2,
    ...given,
  });

const sold = (aws: EmbeddedAws, given: { value: number; lasting?: true }): void =>
  recordMetric(aws, ACCOUNT, REGION, { namespace: "Shop", metricName: "Sold", dimensions: { image: "web" }, ...given });

function newMetrics() {
  const embedded = newEvents();
  const { aws, monitoring } = embedded;
  const listed = async (input: object = {}) =>
    (await monitoring<{ Metrics: { Namespace: string; Dimensions: object[] }[] }>("ListMetrics", input)).Metrics;
  const valuesOf = async (given: object = {}, ...rest: [string?, number?, string?]) => {
    const asked = { MetricDataQueries: [query(given, ...rest)], StartTime: at(-DAY), EndTime: at(DAY) };
    return (await monitoring<Results>("GetMetricData", { ...asked, ScanBy: "TimestampAscending" })).MetricDataResults[0]
      ?.Values;
  };
  return { ...embedded, listed, valuesOf, log: (text: string) => recordEmbeddedMetrics(aws, ACCOUNT, REGION, text) };
}

describe("metrics in what a function logs", () => {
  it("become metrics by each set of dimensions, with the other lines around them ignored", async () => {
    const { log, listed, valuesOf } = newMetrics();

    log(`START\n${line()}\n{"level":"INFO","message":"CloudWatchMetrics"}\n${line({ Sold: [1, 3] })}\n`);

    expect(await valuesOf()).toEqual([6]);
    expect(await valuesOf({ Dimensions: [] }, "q", 300, "SampleCount")).toEqual([3]);
    expect(await listed()).toHaveLength(2);
  });

  it("count at the time that they say", async () => {
    const { log, monitoring } = newMetrics();

    log(line({}, START - HOUR));

    const { MetricDataResults } = await monitoring<Results>("GetMetricData", {
      MetricDataQueries: [query({})],
      StartTime: at(-DAY),
      EndTime: at(0),
    });
    expect(MetricDataResults[0]?.Timestamps).toEqual([at(-HOUR)]);
  });

  const worthless: [string, string][] = [
    ["no JSON", `{"CloudWatchMetrics" ${line()}`],
    ["no time", line({ _aws: { CloudWatchMetrics: [] } })],
    ["a time three weeks ago", line({}, START - 21 * DAY)],
    ["a dimension without a value", line({ image: undefined }).replace('[["image"],[]]', '[["image"]]')],
    ["a text instead of a number", line({ Sold: "two" })],
  ];

  it.each(worthless)("are left alone with %s", async (_, text) => {
    const { log, listed } = newMetrics();

    log(text);

    expect(await listed()).toEqual([]);
  });
});

describe("metrics that callers put", () => {
  it("are added up by minute, however they come", async () => {
    const { monitoring, valuesOf } = newMetrics();
    const StatisticValues = { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 };

    for (const value of [{ Value: 1 }, { Values: [2, 3], Counts: [1, 2] }, { StatisticValues }]) {
      await monitoring("PutMetricData", {
        Namespace: "Shop",
        MetricData: [{ MetricName: "Sold", Dimensions: ofImage, ...value }],
      });
    }

    const all = ["Sum", "SampleCount", "Minimum", "Maximum", "Average"];
    expect(await Promise.all(all.map((stat) => valuesOf({}, "q", 60, stat)))).toEqual([[19], [6], [1], [6], [19 / 6]]);
  });

  it("are refused in AWS's own namespaces, too old, without a value, or by the second", async () => {
    const { monitoring } = newMetrics();
    const put = (Namespace: string, datum: object) =>
      monitoring("PutMetricData", { Namespace, MetricData: [{ MetricName: "Sold", ...datum }] });

    await expect(put("AWS/EC2", { Value: 1 })).rejects.toThrow("AWS/ for parameter Namespace is invalid");
    await expect(put("Shop", { Value: 1, Timestamp: at(-15 * DAY) })).rejects.toThrow("two weeks in the past");
    await expect(put("Shop", {})).rejects.toThrow("neither Value, Values nor StatisticValues");
    await expect(put("Shop", { Value: 1, StorageResolution: 1 })).rejects.toThrow("not built");
  });
});

describe("metrics that are asked for", () => {
  it("are kept by the minute for 15 days, by five minutes until day 63, and then by the hour", async () => {
    const { aws, clock, monitoring } = newMetrics();
    const sell = () => sold(aws, { value: 1 });
    for (let minute = 0; minute < 2_500; minute++) {
      sell();
      await clock.runUntil(START + (minute + 1) * MINUTE);
    }
    await clock.runUntil(START + 70 * DAY);
    for (let minute = 0; minute < 2_500; minute++) {
      sell();
      await clock.runUntil(clock.now() + MINUTE);
    }

    const { Datapoints } = await monitoring<{ Datapoints: { Timestamp: Date; Sum: number }[] }>("GetMetricStatistics", {
      Namespace: "Shop",
      MetricName: "Sold",
      Dimensions: ofImage,
      StartTime: at(0),
      EndTime: at(10 * HOUR),
      Period: 60,
      Statistics: ["Sum"],
    });

    expect(Datapoints).toHaveLength(10);
    expect(new Set(Datapoints.map(({ Sum }) => Sum))).toEqual(new Set([60]));
  });

  it("come in pages of as many datapoints as are wanted, the newest first", async () => {
    const { aws, clock, monitoring } = newMetrics();
    for (const value of [1, 2, 3]) {
      sold(aws, { value });
      await clock.runUntil(clock.now() + 5 * MINUTE);
    }
    const asked = {
      MetricDataQueries: [query({}), query({ MetricName: "Lost" }, "none")],
      StartTime: at(0),
      EndTime: at(HOUR),
    };

    const first = await monitoring<Results & { NextToken: string }>("GetMetricData", { ...asked, MaxDatapoints: 2 });
    const second = await monitoring<Results>("GetMetricData", { ...asked, NextToken: first.NextToken });
    const seen = [first, second].map(({ MetricDataResults }) =>
      MetricDataResults.filter(({ Id }) => Id === "q").map(({ Values, StatusCode }) => [Values, StatusCode]),
    );

    expect(seen).toEqual([[[[3, 2], "PartialData"]], [[[1], "Complete"]]]);
  });

  it("are refused for metric math, percentiles, a reversed time range, or too many datapoints", async () => {
    const { monitoring, valuesOf } = newMetrics();
    const StatisticsAsked = { Namespace: "Shop", MetricName: "Sold", Statistics: ["Sum"], Period: 60 };

    await expect(valuesOf({}, "q", 300, "p99")).rejects.toThrow("The statistic p99 is not built");
    await expect(
      monitoring("GetMetricData", {
        MetricDataQueries: [{ Id: "e", Expression: "1+1" }],
        StartTime: at(0),
        EndTime: at(HOUR),
      }),
    ).rejects.toThrow("Metric math is not built");
    await expect(
      monitoring("GetMetricStatistics", { ...StatisticsAsked, StartTime: at(HOUR), EndTime: at(0) }),
    ).rejects.toThrow("StartTime must be less than");
    await expect(
      monitoring("GetMetricStatistics", { ...StatisticsAsked, StartTime: at(0), EndTime: at(2 * DAY) }),
    ).rejects.toThrow("You have requested up to 2880 datapoints, which exceeds the limit of 1440.");
  });

  it("show a level at each minute's end, whatever was between", async () => {
    const { aws, clock, monitoring } = newMetrics();
    const changes: [number, number][] = [];
    let seed = 7;
    const dice = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % most;
    };
    for (let n = 0; n < 300; n++) {
      await clock.runUntil(clock.now() + dice(200_000));
      const value = dice(4);
      changes.push([clock.now(), value]);
      sold(aws, { value, lasting: true });
    }
    const levelAt = (time: number) => changes.findLast(([since]) => since < time)?.[1];

    const { Datapoints } = await monitoring<{ Datapoints: { Timestamp: Date; Sum: number; SampleCount: number }[] }>(
      "GetMetricStatistics",
      {
        Namespace: "Shop",
        MetricName: "Sold",
        Dimensions: ofImage,
        StartTime: at(0),
        EndTime: at(8 * HOUR),
        Period: 180,
        Statistics: ["Sum", "SampleCount"],
      },
    );

    const expected = Datapoints.map(({ Timestamp }) => {
      const ends = [1, 2, 3].flatMap((minute) => levelAt(Timestamp.getTime() + minute * MINUTE) ?? []);
      return { Sum: ends.reduce((sum, one) => sum + one, 0), SampleCount: ends.length };
    });
    expect(Datapoints.map(({ Sum, SampleCount }) => ({ Sum, SampleCount }))).toEqual(expected);
    expect(Datapoints.length).toBeGreaterThan(100);
  });
});

const body = (...widgets: object[]): string => JSON.stringify({ widgets });
const text = { type: "text", width: 24, height: 2, properties: { markdown: "# Images" } };

describe("a dashboard", () => {
  it("is returned as it was put, in every region, until it is deleted", async () => {
    const { aws, monitoring } = newEvents();
    await monitoring("PutDashboard", { DashboardName: "images", DashboardBody: body(text) });

    const elsewhere = { principal: accountPrincipal(ACCOUNT), region: "us-east-1" };
    const found = await aws.call("monitoring", "GetDashboard", { DashboardName: "images" }, elsewhere);
    const { DashboardEntries } = await monitoring<{ DashboardEntries: object[] }>("ListDashboards", {});
    await monitoring("DeleteDashboards", { DashboardNames: ["images"] });

    expect(found).toMatchObject({
      DashboardArn: "arn:aws:cloudwatch::111122223333:dashboard/images",
      DashboardBody: body(text),
    });
    expect(DashboardEntries).toMatchObject([{ DashboardName: "images", Size: body(text).length }]);
    await expect(monitoring("GetDashboard", { DashboardName: "images" })).rejects.toThrow("does not exist");
  });

  const faults: [string, string, string][] = [
    ["is not JSON", "{", "must be a valid JSON object"],
    ["has no widgets", "{}", "/widgets: expected an array"],
    ["has a widget of no kind", body({ ...text, type: "graph" }), "/widgets/0/type: expected one of metric, text"],
    ["is too wide", body(text, { ...text, width: 25 }), "/widgets/1/width: expected 1 to 24, found 25"],
    ["has a place by half", body({ ...text, x: 3 }), "/widgets/0: x and y must be set together"],
    ["has metrics of no region", body({ type: "metric", properties: { metrics: [] } }), "expected a region"],
  ];

  it.each(faults)("is refused that %s", async (_, DashboardBody, reason) => {
    const { monitoring } = newEvents();

    await expect(monitoring("PutDashboard", { DashboardName: "images", DashboardBody })).rejects.toThrow(reason);
  });

  it("is refused by a name that CloudWatch does not take", async () => {
    const { monitoring } = newEvents();

    await expect(
      monitoring("PutDashboard", { DashboardName: "images of acme", DashboardBody: body(text) }),
    ).rejects.toThrow("contains invalid characters");
  });
});
