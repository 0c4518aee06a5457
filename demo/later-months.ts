import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { parseImageUri } from "../core/containers/references.ts";
import { functionOf } from "../core/factory/blueprint.ts";
import type { Decision } from "../core/retirement/plan-retirement.ts";
import type { FactoryEvent, RunningFactory } from "../local/boot/boot-factory.ts";
import { asAccount } from "../local/boot/client-options.ts";
import { findTags } from "../local/consumers/pull.ts";
import { type Place, type PublishedChannel, readChannels } from "../local/consumers/read-back.ts";
import { findParked, type ParkedEvents } from "../local/consumers/subscriber.ts";
import { accountsOf } from "./organization.ts";

/** Old builds after several months, and what consumers have then. */
export interface LaterMonths {
  readonly events: readonly FactoryEvent[];
  readonly channels: readonly PublishedChannel[];
  /** The decision of `retire` for each build at the end. */
  readonly decisions: readonly Decision[];
  /** AMIs and container images that still exist although events report them as deregistered. */
  readonly notGone: readonly string[];
  readonly parked: readonly ParkedEvents[];
}

export async function readLater(running: RunningFactory): Promise<LaterMonths> {
  const { factory, blueprint, clock, options, events, place } = running;
  const FunctionName = functionOf(blueprint, "retire");
  const Payload = JSON.stringify({ wants: "plan" });
  const lambda = new LambdaClient(options);
  // It waits in factory time where EC2 would throttle it.
  const answer = await clock.runUntilDone(lambda.send(new InvokeCommand({ FunctionName, Payload })));
  const { decisions } = JSON.parse(answer.Payload?.transformToString() ?? "{}") as Pick<LaterMonths, "decisions">;
  return {
    events: [...events],
    channels: await readChannels(place, accountsOf(factory)),
    decisions,
    notGone: await findNotGone(events, place),
    parked: await findParked(options),
  };
}

/** The artifacts of builds that events report as deregistered. */
export const deregistered = (events: readonly FactoryEvent[]): { region: string; amiId: string }[] =>
  events
    .filter(({ detailType, detail }) => detailType === "build.retired" && detail.stage === "deregistered")
    .flatMap(({ detail }) => detail.amis as { region: string; amiId: string }[]);

async function findNotGone(events: readonly FactoryEvent[], place: Place): Promise<string[]> {
  const found: string[] = [];
  for (const { region, amiId } of deregistered(events)) {
    const uri = parseImageUri(amiId);
    const { options, factoryAccount: registryId } = place;
    const isThere = uri
      ? (await findTags({ options, region, registryId, uri })) !== undefined
      : await isAmiThere(new EC2Client(asAccount(options, registryId, region)), amiId);
    if (isThere) found.push(amiId);
  }
  return found;
}

async function isAmiThere(ec2: EC2Client, ami: string): Promise<boolean> {
  const Filters = [{ Name: "image-id", Values: [ami] }];
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Filters, IncludeDisabled: true }));
  return Images.length > 0;
}
