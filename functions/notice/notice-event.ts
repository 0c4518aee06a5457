import * as z from "zod";
import { approvalNotices, noticeTable } from "../../core/notice/notice-table.ts";

const [first, ...others] = noticeTable;

/** Every event that is notified. */
export const noticeEvent = z.discriminatedUnion("detail-type", [
  first.event.schema,
  ...others.map(({ event }) => event.schema),
  ...approvalNotices.map(({ schema }) => schema),
]);
export type NoticeEvent = z.output<typeof noticeEvent>;
export type AskedEvent = z.output<(typeof approvalNotices)[number]["schema"]>;
export type ToldEvent = Exclude<NoticeEvent, AskedEvent>;

/** Whether an event is about a question. */
export const isAsked = (event: NoticeEvent): event is AskedEvent =>
  approvalNotices.some(({ detailType }) => detailType === event["detail-type"]);
