import { DescribeImageAttributeCommand, DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { type ExecutionListItem, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type ImageState, readImageStates } from "../../adapters/build/image-state.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { get } from "../../adapters/ledger/table.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { channelParameter, promotionName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { account, type InProcessFactory } from "./in-process.ts";

/** The state of AWS and the ledger at the end. */
export interface Aftermath {
  readonly events: readonly FactoryEvent[];
  readonly log: readonly string[];
  /** By image. */
  readonly ledger: Readonly<Record<string, ImageState>>;
  /** By build; undefined where none was decided. */
  readonly verdicts: ReadonlyMap<string, unknown>;
  /** The build of every AMI of the factory's, by its tag. */
  readonly amis: readonly {
    readonly region: string;
    readonly id: string;
    readonly build: string | undefined;
    readonly shares: number;
  }[];
  readonly parameters: readonly {
    readonly image: string;
    readonly channel: string;
    readonly region: string;
    readonly value: string | undefined;
  }[];
  readonly executions: readonly ExecutionListItem[];
}

export async function readAftermath({ ledger, options, events, log }: InProcessFactory): Promise<Aftermath> {
  const states = Object.fromEntries(await readImageStates(ledger, Object.keys(factory.images)));

  const verdicts = new Map<string, unknown>();
  for (const { build } of Object.values(states).flatMap(({ builds }) => builds)) {
    verdicts.set(build, (await get(ledger, keyOf("gate", { build })))?.verdict);
  }
  const amis = (await Promise.all(factory.regions.map((region) => readAmis({ ...options, region })))).flat();
  return {
    events,
    log,
    ledger: states,
    verdicts,
    amis,
    parameters: await readParameters(options),
    executions: await readExecutions(options),
  };
}

async function readAmis(options: InProcessFactory["options"]): Promise<Aftermath["amis"]> {
  const ec2 = new EC2Client(options);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  const amis: Aftermath["amis"][number][] = [];
  for (const { ImageId: id = "", Tags = [] } of Images) {
    const { LaunchPermissions = [] } = await ec2.send(
      new DescribeImageAttributeCommand({ ImageId: id, Attribute: "launchPermission" }),
    );
    const tag = (key: string) => Tags.find(({ Key }) => Key === key)?.Value;
    const build = tag("amint:build") && `${tag("amint:image")}/${tag("amint:build")}`;
    amis.push({ region: options.region, id, build, shares: LaunchPermissions.length });
  }
  return amis;
}

async function readParameters(options: InProcessFactory["options"]): Promise<Aftermath["parameters"]> {
  const found: Aftermath["parameters"][number][] = [];
  for (const region of factory.regions) {
    const ssm = new SSMClient({ ...options, region });
    for (const [image, { channels }] of Object.entries(factory.images)) {
      for (const { name: channel } of channels) {
        const value = await readParameter(ssm, channelParameter(factory.name, image, channel));
        found.push({ image, channel, region, value });
      }
    }
  }
  return found;
}

async function readExecutions(options: InProcessFactory["options"]): Promise<ExecutionListItem[]> {
  const stateMachineArn = `arn:aws:states:${options.region}:${account}:stateMachine:${promotionName(factory.name)}`;
  const { executions = [] } = await new SFNClient(options).send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }),
  );
  return executions;
}
