import type { Blueprint } from "embedded-aws/deploy";
import { readBlueprint } from "../cli/command/blueprint.ts";
import { openLedger } from "../cli/command/open-ledger.ts";
import type { Factory } from "../core/factory/factory-schema.ts";
import type { FactoryEvent, FactoryOptions, RunningFactory } from "../local/boot/boot-factory.ts";
import { imagesSeenBy, type PublishedChannel, readChannels, readChildParents } from "../local/consumers/read-back.ts";
import { findParked, type Subscriber, subscribeQueue, topicArnOf } from "../local/consumers/subscriber.ts";
import type { Happening } from "../local/story/happening.ts";
import { bootExample } from "./boot-example.ts";
import { type FollowingFleet, readFollowing } from "./fleet.ts";
import { happeningsOf } from "./happenings.ts";
import { type LaterMonths, readLater } from "./later-months.ts";
import { accountsOf, stranger } from "./organization.ts";
import type { Sharing } from "./sharing.ts";
import { begin, end, endOf } from "./story.ts";
import type { WayBack } from "./way-back.ts";

const DAY = 86_400_000;

export interface MonthReport {
  readonly factoryAccount: string;
  readonly regions: readonly string[];
  readonly events: readonly FactoryEvent[];
  readonly images: readonly PublishedChannel[];
  /** Subjects of the messages that the notices topic's subscriber received. */
  readonly heard: readonly string[];
  readonly notifications: { readonly sns: number; readonly slack: number };
  readonly parked: readonly { readonly queue: string; readonly messages: number }[];
  readonly strangerSees: readonly string[];
  readonly wayBack: WayBack;
  readonly sharing: Sharing;
  readonly following: FollowingFleet;
  readonly childParents: readonly { readonly image: string; readonly builtFrom: string; readonly promoted: string }[];
}

export interface LivedMonth {
  readonly report: MonthReport;
  /** What became of the builds in the months after; absent with one month. */
  readonly later?: LaterMonths;
  readonly running: RunningFactory;
}

export interface MonthOptions {
  readonly factory: Factory;
  /** Default: the checked-in one. */
  readonly blueprint?: Blueprint;
  readonly port: number;
  /** Default: 1. */
  readonly months?: number;
  /** The end of the first month, in milliseconds since the epoch. Default: the story's; what happens later is left out. */
  readonly until?: number;
  readonly recipeParents?: FactoryOptions["recipeParents"];
  readonly onEvent?: (event: FactoryEvent) => void;
  /** Called when a part of the work is done: `booted`, `lived`, `read-back`. */
  readonly onPart?: (part: string, running: RunningFactory) => void;
  /** Called as factory time passes, in milliseconds since the epoch. */
  readonly onTime?: (at: number) => void;
}

/** Runs one month of the factory and reads back its results; then the months after it. */
export async function runMonth(options: MonthOptions): Promise<LivedMonth> {
  const { factory, port, onEvent, onPart, onTime, recipeParents, months = 1, until = end, ...given } = options;
  const blueprint = given.blueprint ?? (await readBlueprint());
  const rest = { ...(onEvent && { onEvent }), ...(recipeParents && { recipeParents }) };
  const running = await bootExample({ factory, blueprint, port, ...rest });
  try {
    onPart?.("booted", running);
    const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint));
    const { happenings, wayBack, sharing } = happeningsOf(running, factory, blueprint, months);
    const heard = await live(running, happenings, subscriber, { from: begin, until, onTime });
    onPart?.("lived", running);
    const report = { ...(await readBack(factory, blueprint, running, heard, sharing)), wayBack, sharing };
    onPart?.("read-back", running);
    if (months === 1) return { report, running };
    const heardLater = await live(running, happenings, subscriber, { from: until, until: endOf(months), onTime });
    const later = await readLater(factory, blueprint, running, heardLater);
    return { report, later, running };
  } catch (error) {
    await running.close();
    throw error;
  }
}

/** Day by day: what happens outside the factory; the subscriber's queue is read before SQS deletes messages (four days). */
async function live(
  { clock }: RunningFactory,
  happenings: readonly Happening[],
  subscriber: Subscriber,
  { from, until, onTime }: { readonly from: number; readonly until: number; readonly onTime?: MonthOptions["onTime"] },
): Promise<string[]> {
  const heard: string[] = [];
  for (let day = from; day < until; day += DAY) {
    onTime?.(day);
    for (const { at, happen } of happenings.filter((one) => one.at >= day && one.at < day + DAY)) {
      await clock.runUntil(at);
      await happen();
    }
    await clock.runUntil(day + DAY);
    heard.push(...(await subscriber.read()));
  }
  return heard;
}

async function readBack(
  factory: Factory,
  blueprint: Blueprint,
  running: RunningFactory,
  heard: readonly string[],
  { joined }: Sharing,
): Promise<Omit<MonthReport, "wayBack" | "sharing">> {
  const { account } = blueprint;
  const { options, events, slack } = running;
  const place = { endpoint: options.endpoint, factory, factoryAccount: account };
  const images = await readChannels(place, [...accountsOf(factory), ...(joined ? [joined] : [])]);
  return {
    factoryAccount: account,
    regions: factory.regions,
    events: [...events],
    images,
    heard,
    notifications: { sns: heard.length, slack: slack.messages.length },
    parked: await findParked(options),
    strangerSees: await imagesSeenBy(place, stranger),
    childParents: await readChildParents(place, images),
    following: await readFollowing(running, openLedger(blueprint, options)),
  };
}
