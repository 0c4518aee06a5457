import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { KMSClient } from "@aws-sdk/client-kms";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import {
  countMessages,
  readFailedActions,
  readFoundPackages,
  readMailSubscriptions,
  readNewestScan,
} from "../../../adapters/factory/after-deployment.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { listAllCopies } from "../../../adapters/promotion/promotion.ts";
import {
  decideAlarms,
  decideCopyArns,
  decideDeadLetters,
  decideFindings,
  decideScan,
  decideSubscriptions,
} from "../../../core/factory/preflight/decide-after.ts";
import { pipelineArn } from "../../../core/names.ts";
import { checkSlackSecrets } from "../check-slack.ts";
import { type Asked, type AwsCheck, fromFindings } from "./aws-check.ts";

/** Checks for a deployed factory. */
export function afterDeployment({ factory, blueprint, account, client }: Asked, ledger: Ledger): AwsCheck[] {
  const { buildRegion: region, name, images } = factory;
  const place = { partition: blueprint.partition, region, account };
  const imageBuilder = client(ImagebuilderClient, region);
  const named = (type: string) => blueprint.resources.filter((one) => one.type === type);
  const scans = Object.keys(images).map(
    (image): AwsCheck => ({
      check: "scan",
      where: `images.${image}`,
      actions: "imagebuilder:ListImagePipelineImages, imagebuilder:GetImage and imagebuilder:ListImageScanFindings",
      run: async () => {
        const newest = await readNewestScan(imageBuilder, pipelineArn(place, name, image));
        const { build, status, reason } = newest ?? { build: undefined, status: undefined, reason: undefined };
        const scan = decideScan({ image, build, status, reason });
        if (build === undefined || scan.verdict === "fails") return [scan];
        return [scan, ...decideFindings(image, await readFoundPackages(imageBuilder, build))];
      },
    }),
  );
  const topics = named("aws:sns/topic:Topic").map(
    ({ inputs, region: at }) => `arn:${place.partition}:sns:${at}:${account}:${inputs.name}`,
  );
  return [
    ...scans,
    {
      check: "copy-arn",
      where: "ledger",
      actions: "dynamodb:Query",
      run: async () => [decideCopyArns(await listAllCopies(ledger))],
    },
    {
      check: "alarm-actions",
      where: "CloudWatch",
      actions: "cloudwatch:DescribeAlarms and cloudwatch:DescribeAlarmHistory",
      run: async () => {
        const { alarms, failed } = await readFailedActions(client(CloudWatchClient, region), `amint-${name}-`);
        return [decideAlarms(failed, alarms)];
      },
    },
    {
      check: "subscriptions",
      where: "notify.email",
      actions: "sns:ListSubscriptionsByTopic",
      run: async () => {
        const found = topics.map((topic) => readMailSubscriptions(client(SNSClient, region), topic));
        return [decideSubscriptions((await Promise.all(found)).flat())];
      },
    },
    {
      check: "slack-secrets",
      where: "notify.slack",
      actions: "ssm:DescribeParameters and kms:DescribeKey",
      run: async () => {
        const clients = { kms: client(KMSClient, region), ssm: client(SSMClient, region) };
        const right = factory.notify.slack ? "both stored" : "no Slack in the config";
        const breaks = "notices on Slack, and answers from it";
        return fromFindings("slack-secrets", "notify.slack", right, breaks, await checkSlackSecrets(factory, clients));
      },
    },
    {
      check: "dead-letters",
      where: "SQS",
      actions: "sqs:GetQueueUrl and sqs:GetQueueAttributes",
      run: async () => {
        const queues = named("aws:sqs/queue:Queue").map(async ({ inputs, region: at }) => ({
          name: String(inputs.name),
          messages: await countMessages(client(SQSClient, at), String(inputs.name)),
        }));
        return [decideDeadLetters(await Promise.all(queues))];
      },
    },
  ];
}
