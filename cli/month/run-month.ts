import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { busName } from "../../core/names.ts";
import { type BootedAws, bootAws } from "../../local/boot.ts";
import { VirtualClock } from "../../local/clock/virtual-clock.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import { simulateInstances } from "../../local/services/imagebuilder/simulation.ts";
import { readBlueprint, root } from "../blueprint.ts";
import { startBuildFunction } from "../deployed-names.ts";
import { startSlack } from "../stand-ins/slack.ts";
import { clientOptions } from "./client-options.ts";
import { monthOfInstances } from "./instances.ts";
import { consumers, exampleOrganization, stranger } from "./organization.ts";
import { imagesSeenBy, type PublishedChannel, readChannels, readChildParents } from "./read-back.ts";
import { begin, end, requests } from "./story.ts";
import { findParked, subscribeQueue } from "./subscriber.ts";

/** Something the factory said on its bus, in factory time. */
export interface FactoryEvent {
  readonly time: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
}

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

export interface MonthOptions {
  readonly factory: Factory;
  readonly port: number;
  readonly onEvent: (event: FactoryEvent) => void;
  readonly onPhase?: (phase: string) => void;
}

export interface LivedMonth {
  readonly report: MonthReport;
  readonly booted: BootedAws;
  readonly clock: VirtualClock;
  close(): Promise<void>;
}

const slackToken = "xoxb-stand-in";

/** Boots the embedded AWS from the blueprint and lives through one month of the factory. */
export async function runMonth({ factory, port, onEvent, onPhase = () => {} }: MonthOptions): Promise<LivedMonth> {
  const blueprint = await readBlueprint();
  const clock = new VirtualClock(begin);
  const slack = await startSlack(slackToken);
  const booted = await bootAws({
    clock,
    blueprint,
    root,
    port,
    organization: exampleOrganization(factory, blueprint.account),
    secrets: { SlackBotToken: slackToken, SlackSigningSecret: "stand-in", SlackApiUrl: slack.url },
  });
  const close = async () => {
    slack.close();
    await booted.close();
  };
  try {
    onPhase("booted");
    const place = { endpoint: booted.url, factory, factoryAccount: blueprint.account };
    const options = clientOptions(booted.url, blueprint.account, factory.buildRegion);
    const events: FactoryEvent[] = [];
    watchBus(booted.aws, blueprint.account, factory.buildRegion, busName(factory.name), (event) => {
      const said = { time: event.time, detailType: event["detail-type"], detail: event.detail };
      events.push(said);
      onEvent(said);
    });
    simulateInstances(booted.aws, blueprint.account, factory.buildRegion, monthOfInstances);
    const subscriber = await subscribeQueue(options, topicArnOf(blueprint));
    await live(clock, new LambdaClient(options));
    onPhase("lived");
    const accounts = [factory.organization.managementAccountId, ...consumers.map(({ id }) => id), stranger];
    const images = await readChannels(place, accounts);
    const report: MonthReport = {
      factoryAccount: blueprint.account,
      regions: factory.regions,
      events,
      images,
      notifications: { sns: (await subscriber.read()).length, slack: slack.messages.length },
      parked: await findParked(options),
      strangerSees: await imagesSeenBy(place, stranger),
      childParents: await readChildParents(place, images),
    };
    return { report, booted, clock, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What people ask for at its time; the clock jumps from event to event in between. */
async function live(clock: VirtualClock, lambda: LambdaClient): Promise<void> {
  const FunctionName = await startBuildFunction();
  for (const { at, image, requestedBy } of requests) {
    await clock.runUntil(at);
    const Payload = JSON.stringify({ trigger: "manual", image, requestedBy });
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
  }
  await clock.runUntil(end);
}

/** The notices topic: the one topic that the factory has. */
const topicArnOf = ({ partition, buildRegion, account, resources }: Blueprint): string => {
  const topic = resources.find(({ type }) => type === "aws:sns/topic:Topic");
  return `arn:${partition}:sns:${buildRegion}:${account}:${topic?.inputs.name}`;
};
