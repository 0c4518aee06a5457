import { CloudWatchClient, GetMetricStatisticsCommand, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { DAY } from "../../world/time.ts";

/**
 * `amint-acme-keep-grants failed` for each invocation that failed since a time, in milliseconds since the epoch. A successful
 * retry can hide a failure elsewhere.
 */
export async function readFailures({ options, clock }: RunningFactory, since: number): Promise<string[]> {
  const client = new CloudWatchClient(options);
  const about = { Namespace: "AWS/Lambda", MetricName: "Errors" };
  const failures: string[] = [];
  for (const name of await findFunctions(client, about, options)) {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        ...about,
        Dimensions: [{ Name: "FunctionName", Value: name }],
        StartTime: new Date(since),
        EndTime: new Date(clock.now() + DAY),
        Period: DAY / 1000,
        Statistics: ["Sum"],
      }),
    );
    const times = Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
    failures.push(...Array.from({ length: times }, () => `${name} failed`));
  }
  return failures;
}

/** Metrics are listed for two weeks (CloudWatch API reference, "ListMetrics"); deleted functions, by their metrics only. */
async function findFunctions(
  client: CloudWatchClient,
  about: { readonly Namespace: string; readonly MetricName: string },
  options: RunningFactory["options"],
): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { Metrics = [] } of paginateListMetrics({ client }, about)) {
    for (const { Dimensions = [] } of Metrics) names.add(String(Dimensions[0]?.Value));
  }
  for await (const { Functions = [] } of paginateListFunctions({ client: new LambdaClient(options) }, {})) {
    for (const { FunctionName = "" } of Functions) names.add(FunctionName);
  }
  return names;
}
