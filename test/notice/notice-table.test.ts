import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { approvalNotices, describeNotice, noticeTable } from "../../core/notice/notice-table.ts";

const sampleOf = (detailType: string) =>
  JSON.parse(readFileSync(`events/samples/${detailType}.json`, "utf8")) as { event: unknown };

test.each(noticeTable.map(({ event }) => [event.detailType, event] as const))(
  "%s is described by its own function, as its sample shows",
  (detailType, { schema }) => {
    const { detail } = schema.parse(sampleOf(detailType).event);

    const { title, lines, attributes } = describeNotice({ detailType, detail }, []);

    expect(title).not.toBe("");
    expect(lines).not.toEqual([]);
    expect(attributes.event).toBe(detailType);
  },
);

test("no event has two notices", () => {
  const names = [...noticeTable.map(({ event }) => event), ...approvalNotices].map(({ detailType }) => detailType);

  expect(new Set(names).size).toBe(names.length);
});
