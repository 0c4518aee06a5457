import { DAY } from "../story/timeline.ts";
import { eventsOf, type StoryReport, versionOf } from "./story-report.ts";

/** Builds that entered a channel with exports at least a day before the end, and have no exported files. */
export function exportFaults({ factory, story, events }: StoryReport): string[] {
  const made = new Set(eventsOf(events, "export.ready").map(({ build }) => build));
  const superseded = (build: unknown, image: unknown, channel: unknown, at: number): boolean =>
    events.some(
      ({ time, detailType, detail }) =>
        detailType === "channel.moved" &&
        detail.image === image &&
        detail.channel === channel &&
        detail.build !== build &&
        Date.parse(time) >= at &&
        Date.parse(time) < at + DAY,
    );
  return events.flatMap(({ time, detailType, detail }) => {
    const { image, channel, build } = detail;
    const config = factory.images[String(image)]?.channels.find(({ name }) => name === channel);
    const at = Date.parse(time);
    if (detailType !== "channel.moved" || !config?.exports || at + DAY > story.end) return [];
    if (made.has(build) || superseded(build, image, channel, at)) return [];
    return [`${image}/${channel}: no files were exported of ${versionOf(build)} within a day`];
  });
}
