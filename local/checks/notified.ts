import type * as z from "zod";
import { toSlackText } from "../../core/notice/foreign-text.ts";
import { describeNotice, noticeTable } from "../../core/notice/notice-table.ts";
import { toSubject } from "../../core/notice/sns-message.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import { type StoryReport, versionOf } from "./story-report.ts";

type Row = (typeof noticeTable)[number];

/** Refusals, failures and moves without a notice on SNS, or on Slack if it is configured. */
export function noticeFaults({ factory, events, heard, posted }: StoryReport): string[] {
  const left = heard.map(({ subject }) => subject);
  const isIn = (texts: readonly string[], text: string): boolean => texts.includes(text);
  const faults = events.flatMap((event) => {
    const title = titleOf(event, factory);
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
function titleOf({ detailType, detail }: FactoryEvent, factory: StoryReport["factory"]): string | undefined {
  const row = noticeTable.find(({ event }) => event.detailType === detailType);
  if (!row || (row.when && !row.when(factory))) return undefined;
  const limits = Object.entries((row as { rule?: { detail: object } }).rule?.detail ?? {}) as [string, unknown[]][];
  if (limits.some(([key, values]) => !values.includes(detail[key]))) return undefined;
  const parsed = (row.event.detail as z.ZodType).parse(detail);
  return describeNotice({ detailType: detailType as Row["event"]["detailType"], detail: parsed }, []).title;
}

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
