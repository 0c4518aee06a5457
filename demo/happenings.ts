import { EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { EmbeddedAws } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { announceRelease, releasePublicImage } from "embedded-aws/seeds";
import { functionOf } from "../core/factory/blueprint.ts";
import type { Factory } from "../core/factory/factory-schema.ts";
import { channelParameter } from "../core/names.ts";
import type { RunningFactory } from "../local/boot/boot-factory.ts";
import { clientOptions } from "../local/boot/client-options.ts";
import { type Place, readAmi, readChannel } from "../local/consumers/read-back.ts";
import type { PostedMessage } from "../local/slack/workspace.ts";
import type { Happening } from "../local/story/happening.ts";
import { fleetHappenings } from "./fleet.ts";
import { accountsOf } from "./organization.ts";
import { type Sharing, sharingHappenings } from "./sharing.ts";
import { launches, reader, readings, releases, requests, revocation, rollback } from "./story.ts";
import { goBack, revokeNewest, seenByConsumers, type WayBack } from "./way-back.ts";

/** Time for a rollback or revocation to complete before its effect on consumers is read. */
const MEANWHILE = 10 * 60_000;

/**
 * Everything outside the factory, in chronological order.
 * @param months their number; except for launches and approvals everything happens in the first
 * @returns `wayBack`, `sharing`: filled in during the month
 */
export function happeningsOf(
  running: RunningFactory,
  factory: Factory,
  blueprint: Blueprint,
  months = 1,
): { readonly happenings: readonly Happening[]; readonly wayBack: WayBack; readonly sharing: Sharing } {
  const { booted, options } = running;
  const place = { endpoint: options.endpoint, factory, factoryAccount: blueprint.account };
  const wayBack: WayBack = {};
  const consumersSide = sharingHappenings(running, factory, blueprint);
  const happenings: Happening[] = [
    ...requests.map(({ at, image, requestedBy }) => ({
      at,
      happen: () => running.request(image, requestedBy),
    })),
    ...releases.map(({ at, ...release }) => ({
      at,
      happen: () => publishRelease(booted.aws, { ...release, regions: factory.regions }),
    })),
    ...consumersSide.happenings,
    ...fleetHappenings(running, place),
    ...(months > 1 ? launchHappenings(place) : []),
    ...readings(months).map((at) => ({ at, happen: () => answerQuestions(running, factory, blueprint) })),
    { at: rollback.at, happen: () => goBack(running) },
    {
      at: rollback.at + MEANWHILE,
      async happen() {
        wayBack.rolledBack = await readChannel(place, rollback.image, rollback.channel, accountsOf(factory));
      },
    },
    {
      at: revocation.at,
      async happen() {
        wayBack.seenBefore = await seenByConsumers(place);
        await revokeNewest(running);
      },
    },
    {
      at: revocation.at + MEANWHILE,
      async happen() {
        wayBack.seenAfter = await seenByConsumers(place);
      },
    },
  ];
  return { happenings: happenings.toSorted((a, b) => a.at - b.at), wayBack, sharing: consumersSide.sharing };
}

/** Parameters change before the message on the topic, as with Amazon's releases. */
async function publishRelease(
  aws: EmbeddedAws,
  release: Omit<(typeof releases)[number], "at"> & { readonly regions: readonly string[] },
): Promise<void> {
  const images = releasePublicImage(aws, { ...release, architecture: "x86_64" });
  await announceRelease(aws, { ...release, images });
}

/**
 * Presses Approve in every open request, as Slack sends it: a signed request to the URL of `answer-slack`. The embedded AWS
 * must listen on a port.
 */
async function answerQuestions(
  { slack, options }: RunningFactory,
  factory: Factory,
  blueprint: Blueprint,
): Promise<void> {
  const asking = slack.messages.filter(asks);
  if (asking.length === 0) return;
  const FunctionName = functionOf(blueprint, "answer-slack");
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  slack.interactAt(FunctionUrl ?? "");
  const user = { id: factory.people[reader]?.slack ?? "", name: reader };
  for (const message of asking) {
    // If the click is refused, the request stays open, and the check of the approvals fails.
    await slack.press(message, "approve", user);
  }
}

const asks = ({ blocks }: PostedMessage): boolean =>
  blocks.some(
    ({ elements }) => Array.isArray(elements) && elements.some(({ action_id: action }) => action === "approve"),
  );

/** Instances that consumers launch from a channel, and that some of them terminate later. */
const launchHappenings = (place: Place): Happening[] => launches.flatMap((launch) => launchAndEnd(launch, place));

function launchAndEnd(launch: (typeof launches)[number], place: Place): Happening[] {
  const { from, account, image, channel, region, instances } = launch;
  const ec2 = new EC2Client(clientOptions(place.endpoint, account, region));
  let InstanceIds: string[] = [];
  const start = async () => {
    const ImageId = await readAmi(place, region, channelParameter(place.factory.name, image, channel));
    // A channel that points at nothing fails a check at the end.
    if (!ImageId) return;
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ ImageId, InstanceType: "t3.micro", MinCount: instances, MaxCount: instances }),
    );
    InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  };
  const end = async () => {
    if (InstanceIds.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  };
  return [{ at: from, happen: start }, ...("until" in launch ? [{ at: launch.until, happen: end }] : [])];
}
