import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import type { EmbeddedAws } from "../../local/embedded-aws.ts";
import { announceRelease } from "../../local/services/ec2/announce-release.ts";
import { releasePublicImage } from "../../local/services/ec2/release-public-image.ts";
import { readBlueprint } from "../blueprint.ts";
import { bootFactory, type FactoryEvent, type RunningFactory } from "./boot-factory.ts";
import { monthOfInstances } from "./instances.ts";
import { consumers, stranger } from "./organization.ts";
import { imagesSeenBy, type PublishedChannel, readChannels, readChildParents } from "./read-back.ts";
import { begin, end, releases, requests } from "./story.ts";
import { findParked, type Subscriber, subscribeQueue } from "./subscriber.ts";

const DAY = 86_400_000;

export interface MonthReport {
  readonly factoryAccount: string;
  readonly regions: readonly string[];
  readonly events: readonly FactoryEvent[];
  readonly images: readonly PublishedChannel[];
  /** Subjects of what the notices topic's subscriber was told. */
  readonly heard: readonly string[];
  readonly notifications: { readonly sns: number; readonly slack: number };
  readonly parked: readonly { readonly queue: string; readonly messages: number }[];
  readonly strangerSees: readonly string[];
  readonly childParents: readonly { readonly image: string; readonly builtFrom: string; readonly promoted: string }[];
}

export interface LivedMonth {
  readonly report: MonthReport;
  readonly running: RunningFactory;
}

export interface MonthOptions {
  readonly factory: Factory;
  /** Left out: the checked-in one. */
  readonly blueprint?: Blueprint;
  readonly port: number;
  readonly onEvent?: (event: FactoryEvent) => void;
  /** Told when a part of the work is done: `booted`, `lived`, `read-back`. */
  readonly onPart?: (part: string, running: RunningFactory) => void;
}

/** Lives through one month of the factory, and reads back what came of it. */
export async function runMonth({ factory, port, onEvent, onPart, ...given }: MonthOptions): Promise<LivedMonth> {
  const blueprint = given.blueprint ?? (await readBlueprint());
  const plan = monthOfInstances;
  const running = await bootFactory({ factory, blueprint, port, begin, plan, ...(onEvent && { onEvent }) });
  try {
    onPart?.("booted", running);
    const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint));
    const heard = await live(running, factory.regions, subscriber);
    onPart?.("lived", running);
    const report = await readBack(factory, blueprint, running, heard);
    onPart?.("read-back", running);
    return { report, running };
  } catch (error) {
    await running.close();
    throw error;
  }
}

/** Day by day: what people ask for and Amazon releases, and the subscriber's queue read before SQS forgets (four days). */
async function live(running: RunningFactory, regions: readonly string[], subscriber: Subscriber): Promise<string[]> {
  const { clock, send, booted } = running;
  const happenings = [
    ...requests.map(({ at, image, requestedBy }) => ({
      at,
      happen: () => send("start-build", { trigger: "manual", image, requestedBy }),
    })),
    ...releases.map(({ at, ...release }) => ({
      at,
      happen: () => publishRelease(booted.aws, { ...release, regions }),
    })),
  ].toSorted((a, b) => a.at - b.at);
  const heard: string[] = [];
  for (let day = begin; day < end; day += DAY) {
    for (const { at, happen } of happenings.filter((one) => one.at >= day && one.at < day + DAY)) {
      await clock.runUntil(at);
      await happen();
    }
    await clock.runUntil(day + DAY);
    heard.push(...(await subscriber.read()));
  }
  return heard;
}

/** First the parameters move, then the topic tells, as Amazon does it. */
async function publishRelease(
  aws: EmbeddedAws,
  release: Omit<(typeof releases)[number], "at"> & { readonly regions: readonly string[] },
): Promise<void> {
  const images = releasePublicImage(aws, { ...release, architecture: "x86_64" });
  await announceRelease(aws, { ...release, images });
}

async function readBack(
  factory: Factory,
  { account }: Blueprint,
  { options, events, slack }: RunningFactory,
  heard: readonly string[],
): Promise<MonthReport> {
  const place = { endpoint: options.endpoint, factory, factoryAccount: account };
  const accounts = [factory.organization.managementAccountId, ...consumers.map(({ id }) => id), stranger];
  const images = await readChannels(place, accounts);
  return {
    factoryAccount: account,
    regions: factory.regions,
    events,
    images,
    heard,
    notifications: { sns: heard.length, slack: slack.messages.length },
    parked: await findParked(options),
    strangerSees: await imagesSeenBy(place, stranger),
    childParents: await readChildParents(place, images),
  };
}

/** The notices topic: the one topic that the factory has. */
const topicArnOf = ({ partition, buildRegion, account, resources }: Blueprint): string => {
  const topic = resources.find(({ type }) => type === "aws:sns/topic:Topic");
  return `arn:${partition}:sns:${buildRegion}:${account}:${topic?.inputs.name}`;
};
