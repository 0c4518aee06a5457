import type { PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import type { EmbeddedAws } from "../../embedded-aws.ts";
import { defineState } from "../../state.ts";

interface Datapoint {
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly datapoints: Datapoint[];
  /** A measured level (a queue's depth) that lasts until the next datapoint, not a count of things that happened. */
  lasting: boolean;
}

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  settings: PutMetricAlarmInput;
  configuredAt: number;
  state: StateValue;
  stateReason: string;
  stateChangedAt: number;
  /** Evaluations that may still change its state; none are needed once every window looks the same. */
  evaluationsLeft: number;
  cancelEvaluation: (() => void) | undefined;
}

interface Metrics {
  readonly series: Map<string, Series>;
  readonly alarms: Map<string, Alarm>;
}

const metrics = defineState("cloudwatch metrics", (): Metrics => ({ series: new Map(), alarms: new Map() }));

export const metricsOf = (aws: EmbeddedAws, account: string, region: string): Metrics =>
  aws.state(metrics, account, region);

/** A metric is its namespace, its name and all of its dimensions, in any order. */
export const seriesKey = (
  namespace: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>>,
): string => JSON.stringify([namespace, metricName, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** The metric an alarm watches. */
export const alarmKey = ({ Namespace = "", MetricName = "", Dimensions = [] }: PutMetricAlarmInput): string =>
  seriesKey(Namespace, MetricName, Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])));

export const alarmArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:cloudwatch:${region}:${account}:alarm:${name}`;
