import { CloudWatchClient, GetMetricStatisticsCommand, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import type { RunningFactory } from "../../../cli/try/boot-factory.ts";
import { DAY } from "../../world/time.ts";

/**
 * `amint-acme-keep-grants failed` for each invocation that failed since a time, in milliseconds since the epoch. A retry can
 * hide a failure from everything else that is read.
 */
export async function readFailures({ options, clock }: RunningFactory, since: number): Promise<string[]> {
  const client = new CloudWatchClient(options);
  const about = { Namespace: "AWS/Lambda", MetricName: "Errors" };
  const failures: string[] = [];
  for await (const { Metrics = [] } of paginateListMetrics({ client }, about)) {
    for (const { Dimensions = [] } of Metrics) {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          ...about,
          Dimensions,
          StartTime: new Date(since),
          EndTime: new Date(clock.now() + DAY),
          Period: DAY / 1000,
          Statistics: ["Sum"],
        }),
      );
      const times = Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
      failures.push(...Array.from({ length: times }, () => `${Dimensions[0]?.Value} failed`));
    }
  }
  return failures;
}
