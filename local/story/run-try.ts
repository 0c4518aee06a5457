import type { OrganizationSeed } from "embedded-aws/seeds";
import type { TriedProgram } from "../../cli/try/load-program.ts";
import type { Narrator } from "../../cli/try/narrator.ts";
import { bootFactory, type FactoryEvent, type RunningFactory } from "../boot/boot-factory.ts";
import { seedGiven } from "../boot/prerequisites.ts";
import type { SeenImage, Tried } from "../checks/tried.ts";
import { imagesSeenIn, readChannels } from "../consumers/read-back.ts";
import { findParked, subscribeQueue, topicArnOf } from "../consumers/subscriber.ts";
import { accountsIn, derivedOrganization, stranger } from "../organization/derived-organization.ts";
import { actsOf } from "./chapters.ts";
import { live } from "./live.ts";
import { planStory } from "./plan-story.ts";
import { instancesOf, publicationsOf } from "./story-instances.ts";

export interface TryOptions extends TriedProgram {
  readonly seed: number;
  readonly days: number;
  /** An image of the factory: only it and its parents are tried. */
  readonly only?: string | undefined;
  /** Default: one with everything that the config names. */
  readonly organization?: OrganizationSeed | undefined;
  readonly onEvent?: (event: FactoryEvent) => void;
  /** Makes what prints the story while it happens; `begin` is in milliseconds since the epoch. */
  readonly narrator?: (begin: number) => Narrator;
  /** Where the embedded AWS listens on 127.0.0.1; left out, on any free port. */
  readonly port?: number;
  /** Called with the result while the embedded AWS is still up. */
  readonly beforeClose?: (running: RunningFactory, tried: Tried) => Promise<void>;
  /** Hooks for tests: called every hour of factory time, and at the end before the result is read back. */
  readonly interfere?:
    | {
        readonly eachHour?: (running: RunningFactory) => Promise<void>;
        readonly atEnd?: (running: RunningFactory) => Promise<void>;
      }
    | undefined;
}

/** A Monday morning; Microsoft's Patch Tuesday is a week and a day later. */
const BEGIN = Date.UTC(2026, 3, 6, 8);

/** Plans a story for the config, runs it, and reads back its results. */
export async function runTry(options: TryOptions): Promise<Tried> {
  const { factory, blueprint, program, seed, days, only, interfere } = options;
  const { account, partition } = blueprint;
  const organization = options.organization ?? derivedOrganization(factory, account, seed);
  const story = planStory(factory, { account, begin: BEGIN, days, seed, only });
  const given = { factory, account, partition };
  const narrator = options.narrator?.(BEGIN);
  const onEvent = narrator?.event ?? options.onEvent;
  narrator?.begin(actsOf(story), blueprint.resources.length);
  const running = await bootFactory({
    factory,
    blueprint,
    program,
    organization,
    port: options.port ?? 0,
    begin: BEGIN,
    plan: instancesOf(factory, story),
    publications: publicationsOf(factory, story),
    before: (aws) => seedGiven(aws, given),
    ...(onEvent && { onEvent }),
  }).finally(() => narrator?.close());
  try {
    narrator?.booted();
    const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint), { queue: "try-subscriber" });
    const onHour = async (at: number) => {
      narrator?.at(at);
      await interfere?.eachHour?.(running);
    };
    const heard = await live({ running, factory, blueprint, story, subscriber, onHour });
    narrator?.end();
    await interfere?.atEnd?.(running);
    const place = { endpoint: running.options.endpoint, factory, factoryAccount: account };
    const others = [...accountsIn(organization).map(({ id }) => id), stranger(organization)].filter(
      (id) => id !== account,
    );
    const tried: Tried = {
      factory,
      account,
      organization,
      story,
      events: [...running.events],
      channels: await readChannels(place, others),
      seen: await seenBy(place, others),
      heard,
      posted: running.slack.messages.flatMap(({ text, before }) => [text, ...before.map((one) => one.text)]),
      parked: await parkedIn(running, [...new Set([factory.buildRegion, ...factory.regions])]),
    };
    await options.beforeClose?.(running, tried);
    return tried;
  } finally {
    narrator?.close();
    await running.close();
  }
}

async function seenBy(place: Parameters<typeof imagesSeenIn>[0], accounts: readonly string[]): Promise<SeenImage[]> {
  const seen: SeenImage[] = [];
  for (const account of accounts) {
    for (const region of place.factory.regions) {
      for (const ami of await imagesSeenIn(place, account, region)) seen.push({ account, region, ami });
    }
  }
  return seen;
}

async function parkedIn({ options }: RunningFactory, regions: readonly string[]): Promise<Tried["parked"]> {
  const parked: Tried["parked"][number][] = [];
  for (const region of regions) parked.push(...(await findParked({ ...options, region })));
  return parked;
}
