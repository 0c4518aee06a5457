import type { LogGroupClass, QueryStatistics, QueryStatus, ResultField } from "@aws-sdk/client-cloudwatch-logs";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

export interface LogEvent {
  /** The event's time, in milliseconds since the epoch. */
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
  /** Counts the account's and region's events in order of ingestion. */
  readonly number: number;
}

export interface LogStream {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** By time, then by order of ingestion. */
  events: LogEvent[];
  lastIngestionAt: number | undefined;
}

export interface LogGroup {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Without a final `:*`. */
  readonly arn: string;
  readonly createdAt: number;
  readonly class: LogGroupClass;
  /** Undefined: events never expire. */
  retentionDays: number | undefined;
  kmsKeyArn: string | undefined;
  deletionProtected: boolean;
  readonly tags: Map<string, string>;
  readonly streams: Map<string, LogStream>;
  /** The number of events in all streams, and their bytes. */
  count: number;
  bytes: number;
}

/** A query, with its results when it is complete. */
export interface InsightsQuery {
  readonly id: string;
  readonly text: string;
  readonly groupNames: readonly string[];
  readonly startedAt: number;
  status: QueryStatus;
  results: ResultField[][];
  statistics: QueryStatistics;
}

const definition = defineState("logs", () => ({
  /** By name. */
  groups: new Map<string, LogGroup>(),
  /** By id, oldest first. */
  queries: new Map<string, InsightsQuery>(),
  /** The number of events ever ingested. */
  ingested: 0,
}));

export const logsIn = (aws: EmbeddedAws, account: string, region: string) => aws.state(definition, account, region);
