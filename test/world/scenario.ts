import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { type ExecutionListItem, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { onTestFinished } from "vitest";
import { readBlueprint } from "../../cli/command/blueprint.ts";
import { clientOptions } from "../../cli/local/client-options.ts";
import { channelParameter, promotionName } from "../../core/names.ts";
import { bootFactory, type RunningFactory } from "../../demo/boot-factory.ts";
import { packagesAt } from "../../demo/packages.ts";
import factory from "../../factory.config.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import type { InstancePlan } from "../../local/services/imagebuilder/simulation.ts";

const account = "111122223333";
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The example factory on the embedded AWS, on a Wednesday morning, with clients in its account. */
export interface Scenario extends RunningFactory {
  readonly imageBuilder: ImagebuilderClient;
  ec2(region: string, as?: string): EC2Client;
  /** Lets factory time pass. */
  pass(ms: number): Promise<void>;
  request(image: string, requestedBy?: string): Promise<void>;
  /** Details of all events of a name so far. */
  said(detailType: string): Record<string, unknown>[];
  promotions(image: string): Promise<ExecutionListItem[]>;
  /** What a channel's parameter says; undefined where there is none. */
  channel(image: string, channel: string, region: string): Promise<string | undefined>;
  parked(queue: string): Promise<{ body: unknown; attributes: Record<string, string | undefined> }[]>;
}

/** Instances that upload a manifest, beside what a scenario wants of them. */
const manifests: InstancePlan = {
  step: ({ step, instanceId }) => (step === "ReadInstanceId" ? { stdout: instanceId } : undefined),
  file: ({ image, time }, path) =>
    path.endsWith("packages.json") ? JSON.stringify({ packages: packagesAt(image, time) }) : undefined,
};

/** Another program than the checkout's. */
interface Program {
  readonly blueprint?: Blueprint;
  /** The folder with its functions. */
  readonly program?: string;
}

export async function startScenario(
  plan: InstancePlan = {},
  { blueprint, ...program }: Program = {},
): Promise<Scenario> {
  const begin = Date.UTC(2026, 3, 1, 8);
  const deployed = blueprint ?? (await readBlueprint());
  const merged = { ...manifests, ...plan, step: both(plan) };
  const running = await bootFactory({ factory, blueprint: deployed, ...program, port: 0, begin, plan: merged });
  onTestFinished(() => running.close());
  const { clock, options, events, send } = running;
  return {
    ...running,
    imageBuilder: new ImagebuilderClient(options),
    ec2: (region, as = account) => new EC2Client(clientOptions(options.endpoint, as, region)),
    pass: (ms) => clock.runUntil(clock.now() + ms),
    request: (image, requestedBy = "ada") => send("start-build", { trigger: "manual", image, requestedBy }),
    said: (detailType) => events.filter((event) => event.detailType === detailType).map(({ detail }) => detail),
    promotions: async (image) => {
      const stateMachineArn = `arn:aws:states:${options.region}:${account}:stateMachine:${promotionName(factory.name)}`;
      const { executions = [] } = await new SFNClient(options).send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.filter(({ name }) => name?.startsWith(`${factory.name}-${image}-`));
    },
    channel: (image, channel, region) =>
      readParameter(clientOptions(options.endpoint, account, region), channelParameter(factory.name, image, channel)),
    parked: (queue) => readQueue(options, queue),
  };
}

const both =
  (plan: InstancePlan): NonNullable<InstancePlan["step"]> =>
  (context) =>
    plan.step?.(context) ?? manifests.step?.(context);

async function readParameter(options: ReturnType<typeof clientOptions>, Name: string): Promise<string | undefined> {
  try {
    return (await new SSMClient(options).send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

async function readQueue(options: ReturnType<typeof clientOptions>, queue: string) {
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
