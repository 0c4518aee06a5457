import { DeregisterImageCommand, DisableImageDeregistrationProtectionCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { ImagebuilderClient, StartImagePipelineExecutionCommand } from "@aws-sdk/client-imagebuilder";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateAccountCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { recordSlackAnswer } from "../../../adapters/approval/approvals.ts";
import { claimImage } from "../../../adapters/build/claims.ts";
import { busName, channelParameterRoot, pipelineArn } from "../../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../../core/organization/management-side.ts";
import { consumers } from "../../../demo/organization.ts";
import { parseBuildArn } from "../../../events/ids.ts";
import factory from "../../../factory.config.ts";
import type { FactoryEvent, RunningFactory } from "../../../local/boot/boot-factory.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { nameOf } from "../../../stacks/bundle/handlers.ts";
import { ledgerOf } from "../../world/ledger.ts";
import { HOUR, MINUTE } from "../../world/time.ts";
import type { Step } from "./hour-by-hour.ts";
import { refreshAsTeam } from "./refresh.ts";

/** The morning before the first night that can be patch night; the day after, Ubuntu's downloads fail. */
export const begin = Date.UTC(2026, 3, 8, 8);

const GONE = 61;
/** Time from which rules and schedules find no function, in milliseconds since the epoch. */
export const functionsGoneAt = begin + GONE * HOUR;

/** The files of asynchronous functions: events that they cannot handle go to their dead-letter queues. */
export const unattended = [
  "start-build",
  "record-build",
  "notify",
  "reconcile",
  "watch-packages",
  "watch-base",
  "resolve-approval",
  "handle-slack-request",
  "mirror-channel",
  "keep-grants",
  "follow-organization",
  "clean-up",
  "mark-leftovers",
  "retire",
  "report-fleet",
  "roll-out",
  "start-roll-out",
  "watch-exposure",
] as const;

/** The account whose group is refreshed. */
const consumer = consumers[0]?.id ?? "";

/** Hours after the beginning, and the action. */
export function troubles({ options, send, events, clock, repository }: RunningFactory): Step[] {
  const request = (image: string) => () => send("start-build", { trigger: "manual", image, requestedBy: "ada" });
  const place = { partition: "aws", region: factory.buildRegion, account: options.credentials.accessKeyId };
  const watchPackages = () => send("watch-packages", { scheduledTime: new Date(clock.now()).toISOString() });
  const startBeside = (clientToken: string) =>
    new ImagebuilderClient(options).send(
      new StartImagePipelineExecutionCommand({
        imagePipelineArn: pipelineArn(place, factory.name, "ubuntu-2404-base"),
        clientToken,
      }),
    );
  const ledger = ledgerOf(options, `amint-${factory.name}-ledger`);
  const movedFirst = () =>
    events.find(
      ({ detailType, detail }) =>
        detailType === "channel.moved" && detail.image === "al2023-base" && detail.channel === "stable",
    );
  const notifyAgain = async (id: string) => {
    const moved = movedFirst();
    if (moved) await send("notify", again(moved, id, clock.now()));
  };
  const builds = (image: string) =>
    events.filter(({ detailType, detail }) => detailType === "build.available" && detail.image === image);
  const loseCopyOf = (image: string) => async () => {
    const shared = events.findLast(
      ({ detailType, detail }) =>
        detailType === "image.shared" && detail.image === image && detail.region !== factory.buildRegion,
    );
    if (!shared) return;
    const ec2 = new EC2Client({ ...options, region: String(shared.detail.region) });
    const ImageId = String(shared.detail.amiId);
    await ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId }));
    await ec2.send(new DeregisterImageCommand({ ImageId }));
  };
  return [
    [0, request("al2023-base")],
    [0, request("ubuntu-2404-base")],
    // Its first promotion has no earlier build to revert to.
    [4, loseCopyOf("ubuntu-2404-base")],
    [25, request("ubuntu-2404-base")],
    // An approver approves it, and its copy is missing.
    [
      26,
      async () => {
        const asked = events.findLast(({ detailType }) => detailType === "approval.requested")?.detail;
        if (!asked) return;
        const subject = { build: parseBuildArn(String(asked.build)), channel: String(asked.channel) };
        const identity = { slack: factory.people.grace?.slack ?? "" };
        const at = new Date(clock.now()).toISOString();
        await recordSlackAnswer(ledger, subject, { id: "agreed", identity, verdict: "approved", at });
        await send("resolve-approval", { ...subject, answer: "agreed" });
      },
    ],
    [26.9, request("al2023-base")],
    // An operator starts a pipeline outside the factory.
    [28, () => startBeside("beside the factory")],
    // A superseded promotion.
    [
      30.9,
      async () => {
        const build = builds("al2023-base")[0]?.detail.build;
        if (build) await send("move-channel", { image: "al2023-base", build, channel: "candidate" });
      },
    ],
    // The second promotion goes back to the first one's build.
    [31, loseCopyOf("al2023-base")],
    // The vendors' servers fail and recover.
    [50, async () => repository.failWith(503)],
    [50.1, () => watchPackages()],
    [50.2, async () => repository.failWith(undefined)],
    [50.3, () => watchPackages()],
    [54, request("ubuntu-2404-base")],
    [54.5, () => removeObjects(options, "manifests/")],
    // A start that crashed after its claim.
    [
      56,
      () => {
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
    // For an image whose rebuild did not help.
    [
      56.5,
      () => {
        const triggers = [{ kind: "manual", requestedBy: "ada" }];
        const why = { decision: "never", code: "unfixed", reason: "the rebuild did not help" };
        return say(options, "trigger.suppressed", { image: "al2023-web", triggers, ...why });
      },
    ],
    [57.1, () => switchRules(options, "off")],
    [57.2, request("al2023-base")],
    // The builds' manifests are lost, and then a vendor publishes an advisory to compare with them.
    [
      59.5,
      async () => {
        await removeObjects(options, "evidence/");
        const advisory = { id: "ALAS2023-2026-9999", severity: "important", cves: ["CVE-2026-99899"] } as const;
        const packages = [{ name: "glibc", version: "2.34-300.amzn2023", architecture: "x86_64", source: "glibc" }];
        repository.publish({ at: clock.now(), os: "al2023", advisory, packages });
      },
    ],
    [59.6, () => watchPackages()],
    // The release notes of a build whose evidence was lost.
    [59.8, () => notifyAgain("00000000-0000-4000-8000-000000000002")],
    [60, () => Promise.all(unattended.map((name) => send(name, { nonsense: 1 })))],
    [60.1, () => loseTopic(options)],
    [60.2, () => notifyAgain("00000000-0000-4000-8000-000000000001")],
    // The night's schedule, the hour's, and all rules find no function.
    [GONE, () => loseFunctions(options)],
    [61.1, () => switchRules(options, "on")],
    [61.2, () => startBeside("not recorded")],
    [
      61.3,
      async () => {
        const moved = movedFirst();
        if (moved) await say(options, moved.detailType, moved.detail);
      },
    ],
    [61.4, () => changeParameter(options)],
    [61.5, () => openAccount(options)],
    // Auto Scaling's event reaches no function.
    [
      61.6,
      async () => {
        const regions = movedFirst()?.detail.regions as Readonly<Record<string, { amiId: string }>> | undefined;
        const amiId = regions?.[factory.buildRegion]?.amiId;
        if (amiId) await refreshAsTeam(consumer, amiId, { options });
      },
    ],
    [72, async () => {}],
  ];
}

/** `prefix` of the keys in the evidence bucket. */
async function removeObjects(options: RunningFactory["options"], prefix: string): Promise<void> {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const Bucket = `${factory.name}-evidence-${options.credentials.accessKeyId}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
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

/** On the factory's bus. */
async function say(options: RunningFactory["options"], DetailType: string, detail: object): Promise<void> {
  const Entry = { Source: "amint", DetailType, Detail: JSON.stringify(detail) };
  const EventBusName = busName(factory.name);
  await new EventBridgeClient(options).send(new PutEventsCommand({ Entries: [{ ...Entry, EventBusName }] }));
}

/** Parameter Store's event reaches no function. */
async function changeParameter(options: RunningFactory["options"]): Promise<void> {
  const Name = `${channelParameterRoot(factory.name)}/al2023-base/by-hand`;
  await new SSMClient(options).send(new PutParameterCommand({ Name, Value: "none", Type: "String" }));
}

/** Organizations' event reaches no function. */
async function openAccount(options: RunningFactory["options"]): Promise<void> {
  const { organization } = factory;
  const management = clientOptions(options.endpoint, organization.managementAccountId, ORGANIZATIONS_REGION);
  await new OrganizationsClient({ ...options, ...management }).send(
    new CreateAccountCommand({ AccountName: "unheard", Email: "unheard@example.com" }),
  );
}

async function loseTopic(options: RunningFactory["options"]): Promise<void> {
  const sns = new SNSClient(options);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  for (const { TopicArn } of Topics) await sns.send(new DeleteTopicCommand({ TopicArn }));
}

async function loseFunctions(options: RunningFactory["options"]): Promise<void> {
  const lambda = new LambdaClient(options);
  for (const name of unattended) {
    await lambda.send(new DeleteFunctionCommand({ FunctionName: `amint-${factory.name}-${nameOf(name)}` }));
  }
}

/** An earlier event, as EventBridge delivers it. */
const again = ({ detailType, detail }: FactoryEvent, id: string, now: number) => ({
  version: "0",
  id,
  "detail-type": detailType,
  source: "amint",
  account: "111122223333",
  time: new Date(now - MINUTE).toISOString(),
  region: factory.buildRegion,
  resources: [],
  detail,
});
