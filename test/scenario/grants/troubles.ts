import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeregisterImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { ImagebuilderClient, StartImagePipelineExecutionCommand } from "@aws-sdk/client-imagebuilder";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { claimImage } from "../../../adapters/ledger/activity.ts";
import type { FactoryEvent, RunningFactory } from "../../../cli/month/boot-factory.ts";
import { busName, pipelineArn } from "../../../core/names.ts";
import factory from "../../../factory.config.ts";

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** The morning before the first night that can be patch night; the day after, Ubuntu's downloads fail. */
export const begin = Date.UTC(2026, 3, 8, 8);

const GONE = 61;
/** From when on rules and schedules find no function, in milliseconds since the epoch. */
export const functionsGoneAt = begin + GONE * HOUR;

/** Hours after the beginning, and what happens then. */
export function troubles({ options, send, events, clock }: RunningFactory): [number, () => Promise<unknown>][] {
  const request = (image: string) => () => send("start-build", { trigger: "manual", image, requestedBy: "ada" });
  const place = { partition: "aws", region: factory.buildRegion, account: options.credentials.accessKeyId };
  const startBeside = (clientToken: string) =>
    new ImagebuilderClient(options).send(
      new StartImagePipelineExecutionCommand({
        imagePipelineArn: pipelineArn(place, factory.name, "ubuntu-2404-base"),
        clientToken,
      }),
    );
  const movedFirst = () =>
    events.find(
      ({ detailType, detail }) =>
        detailType === "channel.moved" && detail.image === "al2023-base" && detail.channel === "stable",
    );
  const builds = (image: string) =>
    events.filter(({ detailType, detail }) => detailType === "build.available" && detail.image === image);
  const loseCopyOf = (image: string) => async () => {
    const shared = events.findLast(
      ({ detailType, detail }) =>
        detailType === "image.shared" && detail.image === image && detail.region !== factory.buildRegion,
    );
    if (!shared) return;
    const ec2 = new EC2Client({ ...options, region: String(shared.detail.region) });
    await ec2.send(new DeregisterImageCommand({ ImageId: String(shared.detail.amiId) }));
  };
  return [
    [0, request("al2023-base")],
    [0, request("ubuntu-2404-base")],
    // Its first promotion has nothing to go back to.
    [4, loseCopyOf("ubuntu-2404-base")],
    [25, request("ubuntu-2404-base")],
    [26.9, request("al2023-base")],
    // Somebody starts a pipeline beside the factory.
    [28, () => startBeside("beside the factory")],
    // The second promotion goes back to the first one's build.
    [31, loseCopyOf("al2023-base")],
    // A promotion that was overtaken.
    [
      32,
      async () => {
        const build = builds("al2023-base")[0]?.detail.build;
        if (build) await send("move-channel", { image: "al2023-base", build, channel: "candidate" });
      },
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
        return claimImage(ledger, "al2023-web", {
          token: "crashed",
          tokens: ["crashed"],
          triggers,
          owner: "a request that crashed",
          config: "as it was",
          since: new Date(begin).toISOString(),
        });
      },
    ],
    [57.1, () => switchRules(options, "off")],
    [57.2, request("al2023-base")],
    [60, () => Promise.all(["start-build", "record-build", "notify", "reconcile"].map((name) => send(name, {})))],
    [60.1, () => loseTopic(options)],
    [
      60.2,
      async () => {
        const moved = movedFirst();
        if (moved) await send("notify", again(moved, clock.now()));
      },
    ],
    // The night's schedule, the hour's, and all rules find no function.
    [GONE, () => loseFunctions(options, ["start-build", "record-build", "notify", "reconcile"])],
    [61.1, () => switchRules(options, "on")],
    [61.2, () => startBeside("nobody records it")],
    [
      61.3,
      async () => {
        const moved = movedFirst();
        if (moved) await sayAgain(options, moved);
      },
    ],
    [72, async () => {}],
  ];
}

async function loseManifests(options: RunningFactory["options"]): Promise<void> {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const Bucket = `${factory.name}-evidence-${options.credentials.accessKeyId}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "manifests/" }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

/** The default bus's and the factory's. */
async function switchRules(options: RunningFactory["options"], to: "on" | "off"): Promise<void> {
  const rules = new EventBridgeClient(options);
  for (const EventBusName of ["default", busName(factory.name)]) {
    const { Rules = [] } = await rules.send(new ListRulesCommand({ EventBusName }));
    for (const { Name } of Rules) {
      await rules.send(new (to === "on" ? EnableRuleCommand : DisableRuleCommand)({ Name, EventBusName }));
    }
  }
}

async function sayAgain(options: RunningFactory["options"], { detailType, detail }: FactoryEvent): Promise<void> {
  const Entry = { Source: "amint", DetailType: detailType, Detail: JSON.stringify(detail) };
  const EventBusName = busName(factory.name);
  await new EventBridgeClient(options).send(new PutEventsCommand({ Entries: [{ ...Entry, EventBusName }] }));
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
const again = ({ detailType, detail }: FactoryEvent, now: number) => ({
  version: "0",
  id: "00000000-0000-4000-8000-000000000001",
  "detail-type": detailType,
  source: "amint",
  account: "111122223333",
  time: new Date(now - MINUTE).toISOString(),
  region: factory.buildRegion,
  resources: [],
  detail,
});
