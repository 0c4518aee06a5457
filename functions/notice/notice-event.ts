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
export type ApprovalEvent = z.output<(typeof approvalNotices)[number]["schema"]>;
export type PlainNoticeEvent = Exclude<NoticeEvent, ApprovalEvent>;

/** Whether an event belongs to an approval. */
export const isApprovalEvent = (event: NoticeEvent): event is ApprovalEvent =>
  approvalNotices.some(({ detailType }) => detailType === event["detail-type"]);
