import { CloudWatchClient, paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { eventsIn } from "embedded-aws/state";
import { pipelineName } from "../../../core/names.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";

/** `amint-acme-keep-grants has no log` for each function that ran, and each image that was built, without a log. */
export async function findWithoutLog({ booted, options, events }: RunningFactory, account: string): Promise<string[]> {
  const client = new CloudWatchClient(options);
  const ran: string[] = [];
  for await (const { Metrics = [] } of paginateListMetrics({ client }, { MetricName: "Invocations" })) {
    ran.push(...Metrics.map(({ Dimensions = [] }) => String(Dimensions[0]?.Value)));
  }
  const built = events.filter(({ detailType }) => detailType === "build.available").map(({ detail }) => detail.image);
  const groups = [
    ...ran.map((name) => [name, `/aws/lambda/${name}`] as const),
    ...built.map((image) => [String(image), `/aws/imagebuilder/${pipelineName(factory.name, String(image))}`] as const),
  ];
  const silent = groups.filter(([, group]) => eventsIn(booted.aws, account, options.region, group).length === 0);
  return [...new Set(silent.map(([name]) => `${name} has no log`))];
}
