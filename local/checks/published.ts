import { quorumOf, regionsOfChannel } from "../../core/channel/regions.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import type { Impossible } from "../story/plan-story.ts";
import { eventsOf, type StoryReport, versionOf } from "./story-report.ts";

interface Moved {
  readonly build: string;
  readonly regions: Readonly<Record<string, { readonly amiId: string }>>;
  readonly behind?: readonly { readonly region: string; readonly why: string }[];
}

/** Channels that are not published in all regions, or do not point at the build of their last move. */
export function publishedFaults(report: StoryReport): string[] {
  const { factory, story, channels } = report;
  const excused = new Set(story.impossible.map(({ what }) => what));
  return Object.entries(factory.images).flatMap(([image, config]) =>
    config.channels.flatMap((channel) => {
      const name = `${image}/${channel.name}`;
      const found = channels.find((one) => one.image === image && one.channel === channel.name);
      const expected = lastState(report.events, image, channel.name);
      if (!expected) {
        const isDue = story.images.includes(image) && !excused.has(`${image} in ${channel.name}`);
        return [
          ...(isDue ? [`${name}: never published`] : []),
          ...(found ? [`${name}: published as ${found.build}, but never moved there`] : []),
        ];
      }
      if (expected === "revoked") {
        return found ? [`${name}: published as ${found.build}, although its build is revoked`] : [];
      }
      const regions = regionsOfChannel(factory, config, channel);
      const behind = new Set(expected.behind?.map(({ region }) => region));
      const current = regions.filter((region) => !behind.has(region));
      return [
        ...(current.length < quorumOf(regions, channel)
          ? [`${name}: ${current.length} regions have its build, fewer than its quorum`]
          : []),
        ...current.flatMap((region) => {
          const [is, must] = [found?.amis[region], expected.regions[region]?.amiId];
          return is === must
            ? []
            : [
                `${name}: points at ${is ?? "nothing"} in ${region}, expected ${must ?? "an artifact"} of ${versionOf(expected.build)}`,
              ];
        }),
      ];
    }),
  );
}

/** Channels that are empty or behind in a region, with the reason that the factory gave. */
export const excuses = ({ factory, events }: StoryReport): Impossible[] =>
  Object.entries(factory.images).flatMap(([image, { channels }]) =>
    channels.flatMap(({ name }) => {
      const state = lastState(events, image, name);
      const what = `${image} in ${name}`;
      if (state === "revoked") return [{ what, why: "its build was revoked, and no usable build came before it" }];
      return (state?.behind ?? []).map(({ region, why }) => ({ what: `${what} in ${region}`, why }));
    }),
  );

/** Where a channel's last move left it; undefined where it never moved. */
function lastState(events: readonly FactoryEvent[], image: string, channel: string): Moved | "revoked" | undefined {
  let state: Moved | "revoked" | undefined;
  for (const { detailType, detail } of events) {
    if (detail.image !== image) continue;
    if (detailType === "channel.moved" && detail.channel === channel) state = detail as unknown as Moved;
    if (detailType !== "build.revoked") continue;
    const left = (detail.channels as { channel: string; to?: string }[]).find((one) => one.channel === channel);
    if (left && !left.to) state = "revoked";
  }
  return state;
}

/** Moves without the required gate and approval, and channels that point at a build that passed no gate. */
export function gateFaults({ factory, events, channels }: StoryReport): string[] {
  const passed = new Set(
    [...eventsOf(events, "gate.passed"), ...eventsOf(events, "gate.held")].map(
      ({ image, build }) => `${image} ${versionOf(build)}`,
    ),
  );
  return [
    ...events.flatMap((event, at) => (event.detailType === "channel.moved" ? moveFaults(event, at) : [])),
    ...channels.flatMap(({ image, channel, build }) =>
      passed.has(`${image} ${build}`) ? [] : [`${image}/${channel}: points at ${build}, which passed no gate`],
    ),
  ];

  function moveFaults({ detail }: FactoryEvent, at: number): string[] {
    const { image, channel, build, because } = detail;
    const before = events.slice(0, at);
    const name = `${image}/${channel}: ${versionOf(build)} entered`;
    const has = (detailType: string, alsoIn?: unknown): boolean =>
      eventsOf(before, detailType).some((one) => one.build === build && (!alsoIn || one.channel === alsoIn));
    // A rollback.
    if (because !== undefined)
      return has("channel.moved", channel) ? [] : [`${name} again, although it never pointed at it`];
    const approval = factory.images[String(image)]?.channels.find((one) => one.name === channel)?.approval;
    const held = has("gate.held") && has("approval.granted");
    return [
      ...(has("gate.passed") || held ? [] : [`${name} without a passed gate`]),
      ...(approval && !has("approval.granted", channel) ? [`${name} without its approval`] : []),
    ];
  }
}
