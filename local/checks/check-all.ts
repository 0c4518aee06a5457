import type * as z from "zod";
import { toSlackText } from "../../core/notice/foreign-text.ts";
import { markUrgent } from "../../core/notice/notice.ts";
import { describeNotice, noticeTable } from "../../core/notice/notice-table.ts";
import { toSubject } from "../../core/notice/sns-message.ts";
import { type Urgency, urgency } from "../../events/gate.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import { DAY } from "../story/timeline.ts";
import { gateFaults, publishedFaults } from "./published.ts";
import { reachFaults } from "./reach.ts";
import { storyFaults } from "./story-outcomes.ts";
import { eventsOf, type StoryReport, versionOf } from "./story-report.ts";

type Row = (typeof noticeTable)[number];

/** Refusals, failures and moves without a notice on SNS, or on Slack if it is configured. */
function noticeFaults({ factory, events, heard, posted }: StoryReport): string[] {
  const left = heard.map(({ subject }) => subject);
  const isIn = (texts: readonly string[], text: string): boolean => texts.includes(text);
  const urgent = new Map(events.flatMap(urgencyIn));
  const faults = events.flatMap((event) => {
    const title = titleOf(event, factory, urgent);
    if (title === undefined) return [];
    const about = `${event.detailType} (${event.detail.image ?? "the factory"}) at ${event.time} ("${title}")`;
    const at = left.indexOf(toSubject(title));
    if (at >= 0) left.splice(at, 1);
    const onSlack = !factory.notify.slack || isIn(posted, toSlackText(title, 3_000));
    return [...(at < 0 ? [`${about}: no notice on SNS`] : []), ...(onSlack ? [] : [`${about}: no message on Slack`])];
  });
  return [...faults, ...answerFaults({ events, heard })];
}

/** The title of an event's notice; undefined if the config or the table gives it none. */
function titleOf(
  { detailType, detail }: FactoryEvent,
  factory: StoryReport["factory"],
  urgent: ReadonlyMap<unknown, Urgency>,
): string | undefined {
  const row = noticeTable.find(({ event }) => event.detailType === detailType);
  if (!row || (row.when && !row.when(factory))) return undefined;
  const limits = Object.entries((row as { rule?: { detail: object } }).rule?.detail ?? {}) as [string, unknown[]][];
  if (limits.some(([key, values]) => !values.includes(detail[key]))) return undefined;
  const parsed = (row.event.detail as z.ZodType).parse(detail);
  const notice = describeNotice({ detailType: detailType as Row["event"]["detailType"], detail: parsed }, []);
  return markUrgent(notice, urgent.get(detail.build)).title;
}

/** Why a build is urgent, by the event of its gate. */
const urgencyIn = ({ detailType, detail }: FactoryEvent): (readonly [unknown, Urgency])[] => {
  const found = detailType.startsWith("gate.") ? urgency.safeParse(detail.urgent) : undefined;
  return found?.success ? [[detail.build, found.data]] : [];
};

/** An approval has one notice, which is updated; its end is an SNS message that names event, build and channel. */
const answerFaults = ({ events, heard }: Pick<StoryReport, "events" | "heard">): string[] =>
  events.flatMap(({ time, detailType, detail }) => {
    if (!/^approval\.(granted|denied|expired)$/.test(detailType)) return [];
    const { image, channel, build } = detail;
    const isThere = heard.some(
      ({ text, attributes }) =>
        attributes.event === detailType && attributes.channel === channel && text.includes(`Build: ${build}`),
    );
    return isThere ? [] : [`${detailType} of ${image} ${versionOf(build)} for ${channel} at ${time}: no notice on SNS`];
  });

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

export const parkedFaults = ({ parked }: Pick<StoryReport, "parked">): string[] =>
  parked.map(({ queue, messages }) => `${queue} holds ${messages} event(s)`);

/** Checks after every story, by their names in the summary. */
export const checks: Readonly<Record<string, (report: StoryReport) => string[]>> = {
  "every channel is published in its regions": publishedFaults,
  "every channel can be launched or pulled by the accounts it is shared with, and by no others": reachFaults,
  "no channel points at a build without its gate and approvals": gateFaults,
  "every channel with exports has its files": exportFaults,
  "no dead-letter queue holds an event": parkedFaults,
  "every refusal, failure and move has its notice": noticeFaults,
  "everything in the story had its effect": storyFaults,
};
