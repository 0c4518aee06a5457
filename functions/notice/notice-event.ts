import * as z from "zod";
import { approvalNotices, noticeTable } from "../../core/notice/notice-table.ts";

const [first, ...others] = noticeTable;

/** Every event that causes a notice. */
export const noticeEvent = z.discriminatedUnion("detail-type", [
  first.event.schema,
  ...others.map(({ event }) => event.schema),
  ...approvalNotices.map(({ schema }) => schema),
]);
export type NoticeEvent = z.output<typeof noticeEvent>;
export type AskedEvent = z.output<(typeof approvalNotices)[number]["schema"]>;
export type ToldEvent = Exclude<NoticeEvent, AskedEvent>;

/** Whether an event belongs to an approval. */
export const isAsked = (event: NoticeEvent): event is AskedEvent =>
  approvalNotices.some(({ detailType }) => detailType === event["detail-type"]);
