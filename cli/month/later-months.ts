import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Decision } from "../../core/retire/plan-retirement.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { functionOf } from "../blueprint.ts";
import type { FactoryEvent, RunningFactory } from "./boot-factory.ts";
import { clientOptions } from "./client-options.ts";
import { accountsOf } from "./organization.ts";
import { type PublishedChannel, readChannels } from "./read-back.ts";
import { findParked } from "./subscriber.ts";

/** What became of old builds once months had passed, and what consumers have then. */
export interface LaterMonths {
  readonly events: readonly FactoryEvent[];
  readonly images: readonly PublishedChannel[];
  /** What `retire` would do with each build at the end. */
  readonly decisions: readonly Decision[];
  /** AMIs of which the events say that they are gone, and that EC2 still knows. */
  readonly notGone: readonly string[];
  readonly sns: number;
  readonly parked: readonly { readonly queue: string; readonly messages: number }[];
}

export async function readLater(
  factory: Factory,
  blueprint: Blueprint,
  { options, events }: RunningFactory,
  heard: readonly string[],
): Promise<LaterMonths> {
  const place = { endpoint: options.endpoint, factory, factoryAccount: blueprint.account };
  const FunctionName = functionOf(blueprint, "retire");
  const Payload = JSON.stringify({ wants: "plan" });
  const answer = await new LambdaClient(options).send(new InvokeCommand({ FunctionName, Payload }));
  const { decisions } = JSON.parse(answer.Payload?.transformToString() ?? "{}") as Pick<LaterMonths, "decisions">;
  return {
    events: [...events],
    images: await readChannels(place, accountsOf(factory)),
    decisions,
    notGone: await findNotGone(
      events,
      (region) => new EC2Client(clientOptions(options.endpoint, blueprint.account, region)),
    ),
    sns: heard.length,
    parked: await findParked(options),
  };
}

/** The AMIs of the builds that are told to be deregistered. */
export const deregistered = (events: readonly FactoryEvent[]): { region: string; amiId: string }[] =>
  events
    .filter(({ detailType, detail }) => detailType === "build.retired" && detail.stage === "deregistered")
    .flatMap(({ detail }) => detail.amis as { region: string; amiId: string }[]);

async function findNotGone(events: readonly FactoryEvent[], ec2: (region: string) => EC2Client): Promise<string[]> {
  const found: string[] = [];
  for (const { region, amiId } of deregistered(events)) {
    const Filters = [{ Name: "image-id", Values: [amiId] }];
    const { Images = [] } = await ec2(region).send(new DescribeImagesCommand({ Filters, IncludeDisabled: true }));
    if (Images.length > 0) found.push(amiId);
  }
  return found;
}
