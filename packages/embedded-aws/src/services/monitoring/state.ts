import type { Dimension, HistoryItemType, PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Series, SeriesName } from "./series.ts";

/** An alarm's state at some time. */
export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Publishes a state change on the bus; passed in, because the bus itself records metrics. */
  readonly announce: (changed: Alarm, previous: AlarmState) => void;
  settings: Omit<PutMetricAlarmInput, "Tags">;
  readonly tags: Map<string, string>;
  /** The key of the series that it watches. */
  key: string;
  configuredAt: number;
  state: StateValue;
  stateReason: string;
  stateChangedAt: number;
  /** Evaluations that may still change its state; none once all windows are equal. */
  evaluationsLeft: number;
  cancelEvaluation: (() => void) | undefined;
}

/** An entry of an alarm's history, newest last. */
export interface AlarmEvent {
  readonly alarm: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: HistoryItemType;
  readonly summary: string;
  /** JSON */
  readonly data: string;
}

interface Metrics {
  readonly history: AlarmEvent[];
  readonly series: Map<string, Series>;
  readonly alarms: Map<string, Alarm>;
}

const metrics = defineState(
  "cloudwatch metrics",
  (): Metrics => ({ history: [], series: new Map(), alarms: new Map() }),
);

export const metricsOf = (aws: EmbeddedAws, account: string, region: string): Metrics =>
  aws.state(metrics, account, region);

/** Number of history entries kept; AWS keeps 30 days. */
const KEPT = 10_000;

export function recordHistory(
  aws: EmbeddedAws,
  { account, region, name }: Alarm,
  event: Omit<AlarmEvent, "alarm" | "at">,
) {
  const { history } = metricsOf(aws, account, region);
  history.push({ ...event, alarm: name, at: aws.clock.now() });
  if (history.length > KEPT) history.shift();
}

/** A metric is identified by its namespace, name and all dimensions, in any order. */
export function seriesKey({ namespace, metricName, dimensions }: SeriesName): string {
  let key = `${namespace}\0${metricName}`;
  // Names and values have no control characters.
  for (const name of Object.keys(dimensions).sort()) key += `\0${name}\0${dimensions[name]}`;
  return key;
}

export const toDimensions = (dimensions: readonly Dimension[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));

/** The metric an alarm watches. */
export const alarmKey = ({ Namespace = "", MetricName = "", Dimensions = [] }: PutMetricAlarmInput): string =>
  seriesKey({ namespace: Namespace, metricName: MetricName, dimensions: toDimensions(Dimensions) });

export const alarmArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:cloudwatch:${region}:${account}:alarm:${name}`;
