import {
  type CloudWatchClient,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import {
  GetImageCommand,
  type ImagebuilderClient,
  paginateListImagePipelineImages,
  paginateListImageScanFindings,
} from "@aws-sdk/client-imagebuilder";
import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { FailedAction, FoundPackage } from "../../core/factory/preflight/decide-after.ts";

/** The scan result of a pipeline's newest build; undefined where it has none. */
export async function readNewestScan(client: ImagebuilderClient, imagePipelineArn: string) {
  const builds = [];
  for await (const { imageSummaryList = [] } of paginateListImagePipelineImages({ client }, { imagePipelineArn })) {
    builds.push(...imageSummaryList);
  }
  const [newest] = builds.toSorted((a, b) => ((a.dateCreated ?? "") < (b.dateCreated ?? "") ? 1 : -1));
  if (!newest?.arn) return undefined;
  const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: newest.arn }));
  return { build: newest.arn, status: image?.scanState?.status, reason: image?.scanState?.reason };
}

/** The packages in a build's findings. */
export async function readFoundPackages(client: ImagebuilderClient, build: string): Promise<FoundPackage[]> {
  const filters = [{ name: "imageBuildVersionArn", values: [build] }];
  const packages: FoundPackage[] = [];
  for await (const { findings = [] } of paginateListImageScanFindings({ client }, { filters })) {
    for (const { packageVulnerabilityDetails } of findings) {
      for (const one of packageVulnerabilityDetails?.vulnerablePackages ?? []) {
        packages.push({ name: one.name ?? "", version: one.version ?? "", fixedIn: one.fixedInVersion ?? "" });
      }
    }
  }
  return packages;
}

const action = z.object({ actionState: z.string() }).loose();

/** The failed actions of the alarms with a name prefix, newest first, and the number of alarms. */
export async function readFailedActions(
  client: CloudWatchClient,
  AlarmNamePrefix: string,
): Promise<{ alarms: number; failed: FailedAction[] }> {
  let alarms = 0;
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix })) {
    alarms += MetricAlarms.length;
  }
  const failed: FailedAction[] = [];
  for await (const page of paginateDescribeAlarmHistory({ client }, { HistoryItemType: "Action" })) {
    for (const { AlarmName = "", Timestamp, HistorySummary = "", HistoryData = "{}" } of page.AlarmHistoryItems ?? []) {
      const state = action.safeParse(JSON.parse(HistoryData)).data?.actionState;
      if (!AlarmName.startsWith(AlarmNamePrefix) || state !== "Failed") continue;
      failed.push({ alarm: AlarmName, at: Timestamp?.toISOString() ?? "", said: HistorySummary });
    }
  }
  return { alarms, failed };
}

/** A topic's mail subscribers, and whether they have confirmed. */
export async function readMailSubscriptions(client: SNSClient, TopicArn: string) {
  const found: { endpoint: string; confirmed: boolean }[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
    for (const { Protocol, Endpoint = "", SubscriptionArn } of Subscriptions) {
      if (Protocol?.startsWith("email")) {
        found.push({ endpoint: Endpoint, confirmed: SubscriptionArn !== "PendingConfirmation" });
      }
    }
  }
  return found;
}

/** How many messages wait in a queue. */
export async function countMessages(client: SQSClient, QueueName: string): Promise<number> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}
