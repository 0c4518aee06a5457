import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeregisterImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ImagebuilderClient, StartImagePipelineExecutionCommand } from "@aws-sdk/client-imagebuilder";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { claimImage } from "../../adapters/ledger/activity.ts";
import { bootFactory, type RunningFactory } from "../../cli/month/boot-factory.ts";
import { monthOfInstances } from "../../cli/month/instances.ts";
import { pipelineArn } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** The morning before the first night that can be patch night; the day after, Ubuntu's downloads fail. */
const begin = Date.UTC(2026, 3, 8, 8);

export const startStory = (blueprint: Blueprint): Promise<RunningFactory> =>
  bootFactory({ factory, blueprint, functions: "in-process", begin, plan: monthOfInstances });

/**
 * Three days in which everything goes wrong that the factory has a grant for: builds fail, promotions are undone,
 * events get lost, manifests vanish. Ends early, between two steps, where `enough` says so.
 */
export async function liveStory(running: RunningFactory, enough: () => boolean): Promise<void> {
  for (const [hours, happens] of story(running)) {
    while (running.clock.now() < begin + hours * HOUR) {
      if (enough()) return;
      const next = Math.min(begin + hours * HOUR, running.clock.now() + HOUR / 2);
      await running.clock.runUntil(next);
    }
    if (enough()) return;
    await happens();
  }
}

/** Hours after the beginning, and what happens then. */
function story({ options, send, events, clock }: RunningFactory): [number, () => Promise<unknown>][] {
  const request = (image: string) => () => send("start-build", { trigger: "manual", image, requestedBy: "ada" });
  const place = { partition: "aws", region: factory.buildRegion, account: options.credentials.accessKeyId };
  const builds = (image: string) =>
    events.filter(({ detailType, detail }) => detailType === "build.available" && detail.image === image);
  const loseCopyOf = (image: string) => async () => {
    const shared = events.findLast(
      ({ detailType, detail }) =>
        detailType === "image.shared" && detail.image === image && detail.region !== factory.buildRegion,
    );
    const ec2 = new EC2Client({ ...options, region: String(shared?.detail.region) });
    await ec2.send(new DeregisterImageCommand({ ImageId: String(shared?.detail.amiId) }));
  };
  return [
    [0, request("al2023-base")],
    [0, request("ubuntu-2404-base")],
    // Its first promotion has nothing to go back to.
    [4, loseCopyOf("ubuntu-2404-base")],
    [25, request("ubuntu-2404-base")],
    [26.9, request("al2023-base")],
    // Somebody starts a pipeline beside the factory.
    [
      28,
      () =>
        new ImagebuilderClient(options).send(
          new StartImagePipelineExecutionCommand({
            imagePipelineArn: pipelineArn(place, factory.name, "ubuntu-2404-base"),
            clientToken: "beside the factory",
          }),
        ),
    ],
    // The second promotion goes back to the first one's build.
    [31, loseCopyOf("al2023-base")],
    // A promotion that was overtaken.
    [
      32,
      () =>
        send("move-channel", {
          image: "al2023-base",
          build: builds("al2023-base")[0]?.detail.build,
          channel: "candidate",
        }),
    ],
    [54, request("ubuntu-2404-base")],
    [54.5, () => loseManifests(options)],
    // A start that crashed after its claim.
    [
      56,
      () => {
        const documents = DynamoDBDocumentClient.from(new DynamoDBClient(options));
        const ledger = { documents, table: `amint-${factory.name}-ledger` };
        const triggers = [{ kind: "manual" as const, requestedBy: "ada" }];
        return claimImage(ledger, "al2023-web", { token: "crashed", triggers, since: new Date(begin).toISOString() });
      },
    ],
    [57.1, () => loseEvents(options)],
    [57.2, request("al2023-base")],
    [60, () => Promise.all(["start-build", "record-build", "notify", "reconcile"].map((name) => send(name, {})))],
    [60.1, () => loseTopic(options)],
    [60.2, () => send("notify", movedAgain(events, clock.now()))],
    // The night's schedule and the hour's find no function.
    [61, () => loseFunctions(options, ["start-build", "reconcile"])],
    [72, async () => {}],
  ];
}

async function loseManifests(options: RunningFactory["options"]): Promise<void> {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const Bucket = `${factory.name}-evidence-${options.credentials.accessKeyId}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "manifests/" }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

async function loseEvents(options: RunningFactory["options"]): Promise<void> {
  const rules = new EventBridgeClient(options);
  const { Rules = [] } = await rules.send(new ListRulesCommand({}));
  for (const { Name } of Rules) await rules.send(new DisableRuleCommand({ Name }));
}

async function loseTopic(options: RunningFactory["options"]): Promise<void> {
  const sns = new SNSClient(options);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  for (const { TopicArn } of Topics) await sns.send(new DeleteTopicCommand({ TopicArn }));
}

async function loseFunctions(options: RunningFactory["options"], names: readonly string[]): Promise<void> {
  const lambda = new LambdaClient(options);
  for (const name of names) {
    await lambda.send(new DeleteFunctionCommand({ FunctionName: `amint-${factory.name}-${name}` }));
  }
}

/** An event of before, as EventBridge would hand it over. */
const movedAgain = (events: RunningFactory["events"], now: number) => ({
  version: "0",
  id: "00000000-0000-4000-8000-000000000001",
  "detail-type": "channel.moved",
  source: "amint",
  account: "111122223333",
  time: new Date(now - MINUTE).toISOString(),
  region: factory.buildRegion,
  resources: [],
  detail: events.find(({ detailType }) => detailType === "channel.moved")?.detail,
});
