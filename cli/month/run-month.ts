import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { readBlueprint } from "../blueprint.ts";
import { bootFactory, type FactoryEvent, type RunningFactory } from "./boot-factory.ts";
import { monthOfInstances } from "./instances.ts";
import { consumers, stranger } from "./organization.ts";
import { imagesSeenBy, type PublishedChannel, readChannels, readChildParents } from "./read-back.ts";
import { begin, end, requests } from "./story.ts";
import { findParked, type Subscriber, subscribeQueue } from "./subscriber.ts";

export interface MonthReport {
  readonly factoryAccount: string;
  readonly regions: readonly string[];
  readonly events: readonly FactoryEvent[];
  readonly images: readonly PublishedChannel[];
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
  readonly port: number;
  readonly onEvent?: (event: FactoryEvent) => void;
  /** Told when a part of the work is done: `booted`, `lived`, `read-back`. */
  readonly onPart?: (part: string, running: RunningFactory) => void;
}

/** Lives through one month of the factory, and reads back what came of it. */
export async function runMonth({ factory, port, onEvent, onPart }: MonthOptions): Promise<LivedMonth> {
  const blueprint = await readBlueprint();
  const plan = monthOfInstances;
  const running = await bootFactory({ factory, blueprint, port, begin, plan, ...(onEvent && { onEvent }) });
  try {
    onPart?.("booted", running);
    const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint));
    await live(running);
    onPart?.("lived", running);
    const report = await readBack(factory, blueprint, running, subscriber);
    onPart?.("read-back", running);
    return { report, running };
  } catch (error) {
    await running.close();
    throw error;
  }
}

/** What people ask for, at its time; the clock jumps from event to event in between. */
async function live({ clock, send }: RunningFactory): Promise<void> {
  for (const { at, image, requestedBy } of requests) {
    await clock.runUntil(at);
    await send("start-build", { trigger: "manual", image, requestedBy });
  }
  await clock.runUntil(end);
}

async function readBack(
  factory: Factory,
  { account }: Blueprint,
  { options, events, slack }: RunningFactory,
  subscriber: Subscriber,
): Promise<MonthReport> {
  const place = { endpoint: options.endpoint, factory, factoryAccount: account };
  const accounts = [factory.organization.managementAccountId, ...consumers.map(({ id }) => id), stranger];
  const images = await readChannels(place, accounts);
  return {
    factoryAccount: account,
    regions: factory.regions,
    events,
    images,
    notifications: { sns: (await subscriber.read()).length, slack: slack.messages.length },
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
