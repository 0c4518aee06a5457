import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { type ExecutionListItem, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Blueprint } from "embedded-aws/deploy";
import type { InstancePlan } from "embedded-aws/instances";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { channelParameter, promotionName } from "../../core/names.ts";
import { packagesAt } from "../../demo/instances.ts";
import factory from "../../factory.config.ts";
import type { ClientOptions } from "../../local/boot/client-options.ts";
import { type Deployed, deployed } from "./deployed.ts";

const account = "111122223333";

/** The example factory on the embedded AWS, on a Wednesday morning, with clients in its account. */
export interface Scenario extends Deployed {
  readonly imageBuilder: ImagebuilderClient;
  ec2(region: string, as?: string): EC2Client;
  promotions(image: string): Promise<ExecutionListItem[]>;
  /** A channel's parameter value, if it exists. */
  channel(image: string, channel: string, region: string): Promise<string | undefined>;
  parked(queue: string): Promise<{ body: unknown; attributes: Record<string, string | undefined> }[]>;
}

/** Instances that upload a manifest, besides the scenario's settings. */
const manifests: InstancePlan = {
  step: ({ step, instanceId }) => (step === "ReadInstanceId" ? { stdout: instanceId } : undefined),
  file: ({ image, time }, path) =>
    path.endsWith("packages.json") ? JSON.stringify({ packages: packagesAt(image, time) }) : undefined,
};

/** A program other than the checkout's, or a server for clients that need a URL. */
interface Program {
  readonly blueprint?: Blueprint;
  /** The folder with its functions. */
  readonly program?: string;
  readonly port?: number;
}

export async function startScenario(
  plan: InstancePlan = {},
  { blueprint, ...program }: Program = {},
): Promise<Scenario> {
  const merged = { ...manifests, ...plan, step: both(plan) };
  const running = await deployed({ ...(blueprint && { blueprint }), ...program, plan: merged });
  const { client, options, optionsOf } = running;
  return {
    ...running,
    imageBuilder: client(ImagebuilderClient),
    ec2: (region, as = account) => new EC2Client(optionsOf(as, region)),
    promotions: async (image) => {
      const stateMachineArn = `arn:aws:states:${options.region}:${account}:stateMachine:${promotionName(factory.name)}`;
      const { executions = [] } = await client(SFNClient).send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.filter(({ name }) => name?.startsWith(`${factory.name}-${image}-`));
    },
    channel: async (image, channel, region) =>
      readParameter(client(SSMClient, region), channelParameter(factory.name, image, channel)),
    parked: (queue) => readQueue(options, queue),
  };
}

const both =
  (plan: InstancePlan): NonNullable<InstancePlan["step"]> =>
  (context) =>
    plan.step?.(context) ?? manifests.step?.(context);

async function readQueue(options: ClientOptions, queue: string) {
  const QueueUrl = `${options.endpoint}/${account}/${queue}`;
  const { Messages = [] } = await new SQSClient(options).send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
  );
  return Messages.map(({ Body, MessageAttributes = {} }) => ({
    body: JSON.parse(Body ?? "null"),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  }));
}
