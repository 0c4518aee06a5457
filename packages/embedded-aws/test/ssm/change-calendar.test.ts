import { expect, test } from "vitest";
import { FACTORY, PRODUCTION, REGION, SANDBOX } from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { sharingAws } from "../ram/sharing-aws.ts";

type Type = "DEFAULT_OPEN" | "DEFAULT_CLOSED";

const calendar = (type: Type | "", ...events: string[][]): string =>
  [
    "BEGIN:VCALENDAR",
    "PRODID:-//AWS//Change Calendar 1.0//EN",
    "VERSION:2.0",
    ...(type ? [`X-CALENDAR-TYPE:${type}`] : []),
    ...events.flatMap((lines, index) => [
      "BEGIN:VEVENT",
      `UID:${index}`,
      "DTSTAMP:20260101T000000Z",
      ...lines,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");

const from = (start: string, end: string) => [`DTSTART:${start}`, `DTEND:${end}`];
const MONDAYS = [
  "DTSTART;TZID=America/New_York:20260302T090000",
  "DTEND;TZID=America/New_York:20260302T170000",
  "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4",
  "EXDATE;TZID=America/New_York:20260316T090000",
];

function calendars() {
  const { ssm, clock } = sharingAws();
  const own = ssm();
  const create = (Name: string, Content: string, more: object = {}) =>
    own.createDocument({ Name, Content, DocumentType: "ChangeCalendar", DocumentFormat: "TEXT", ...more });
  const state = async (names: string | string[], AtTime?: string, client = own) => {
    const { State, NextTransitionTime } = await client.getCalendarState({ CalendarNames: [names].flat(), AtTime });
    return [State, NextTransitionTime];
  };
  return { ssm, own, clock, create, state };
}

test("a calendar is open or closed but for its events, and says when that changes", async () => {
  const { create, state } = calendars();
  await create("freeze", calendar("DEFAULT_OPEN", from("20260402T080000Z", "20260403T080000Z")));
  await create("window", calendar("DEFAULT_CLOSED", from("20260402T080000Z", "20260403T080000Z")));

  expect(await state("freeze")).toEqual(["OPEN", "2026-04-02T08:00:00Z"]);
  expect(await state("window")).toEqual(["CLOSED", "2026-04-02T08:00:00Z"]);
  expect(await state("freeze", "2026-04-02T08:00:00Z")).toEqual(["CLOSED", "2026-04-03T08:00:00Z"]);
  expect(await state("window", "2026-04-02T09:00:00+02:00")).toEqual(["CLOSED", "2026-04-02T08:00:00Z"]);
  expect(await state("window", "2026-04-03T07:59:59Z")).toEqual(["OPEN", "2026-04-03T08:00:00Z"]);
  expect(await state("freeze", "2026-04-03T08:00:00Z")).toEqual(["OPEN", undefined]);
});

test("events recur in their time zone, with exceptions; whole days, durations and events years ahead count", async () => {
  const { create, state } = calendars();
  const days = ["DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"];
  const hours = ["DTSTART:20290501T000000Z", "DURATION:PT2H"];
  await create("freeze", calendar("DEFAULT_OPEN", MONDAYS, days, hours));

  expect(await state("freeze", "2026-03-02T14:00:00Z")).toEqual(["CLOSED", "2026-03-02T22:00:00Z"]);
  // New York's summer time begins on 8 March.
  expect(await state("freeze", "2026-03-03T00:00:00Z")).toEqual(["OPEN", "2026-03-09T13:00:00Z"]);
  expect(await state("freeze", "2026-03-10T00:00:00Z")).toEqual(["OPEN", "2026-03-23T13:00:00Z"]);
  expect(await state("freeze", "2026-03-24T00:00:00Z")).toEqual(["OPEN", "2026-12-24T00:00:00Z"]);
  expect(await state("freeze", "2026-12-26T23:59:59Z")).toEqual(["CLOSED", "2026-12-27T00:00:00Z"]);
  expect(await state("freeze", "2027-01-01T00:00:00Z")).toEqual(["OPEN", "2029-05-01T00:00:00Z"]);
});

test("a time without a time zone is UTC's, wherever this runs", async () => {
  const { create, state } = calendars();
  await create(
    "freeze",
    calendar("DEFAULT_OPEN", [...from("20260402T080000", "20260402T090000"), "RRULE:FREQ=DAILY;COUNT=2"]),
  );

  expect(await state("freeze")).toEqual(["OPEN", "2026-04-02T08:00:00Z"]);
  expect(await state("freeze", "2026-04-02T09:00:00Z")).toEqual(["OPEN", "2026-04-03T08:00:00Z"]);
});

test("several calendars are open only while all are", async () => {
  const { create, state } = calendars();
  await create("first", calendar("DEFAULT_OPEN", from("20260402T080000Z", "20260402T100000Z")));
  await create("second", calendar("DEFAULT_OPEN", from("20260402T090000Z", "20260402T120000Z")));

  expect(await state(["first", "second"])).toEqual(["OPEN", "2026-04-02T08:00:00Z"]);
  expect(await state(["first", "second"], "2026-04-02T08:30:00Z")).toEqual(["CLOSED", "2026-04-02T12:00:00Z"]);
});

test("another account reads a calendar by its ARN, if it is shared with it", async () => {
  const { ssm, own, create, state } = calendars();
  await create("freeze", calendar("DEFAULT_CLOSED"));
  const arn = `arn:aws:ssm:${REGION}:${FACTORY}:document/freeze`;
  const share = { Name: "freeze", PermissionType: "Share" } as const;
  await own.modifyDocumentPermission({ ...share, AccountIdsToAdd: [PRODUCTION] });

  expect(await state(arn, undefined, ssm(PRODUCTION))).toEqual(["CLOSED", undefined]);
  expect(await state(arn)).toEqual(["CLOSED", undefined]);
  await expectRefusal(state(arn, undefined, ssm(SANDBOX)), "AccessDeniedException");
  await expectRefusal(state("freeze", undefined, ssm(PRODUCTION)), "InvalidDocument");
  await expectRefusal(own.deleteDocument({ Name: "freeze" }), "InvalidDocumentOperation");
  await own.modifyDocumentPermission({ ...share, AccountIdsToRemove: [PRODUCTION] });
  await expectRefusal(state(arn, undefined, ssm(PRODUCTION)), "AccessDeniedException");
});

test("a calendar is changed, described and deleted", async () => {
  const { own, create, state } = calendars();
  await create("freeze", calendar("DEFAULT_OPEN"), { Tags: [{ Key: "team", Value: "web" }] });
  const Content = calendar("DEFAULT_CLOSED");
  const change = { Name: "freeze", Content, DocumentFormat: "TEXT", DocumentVersion: "$LATEST" } as const;
  await own.updateDocument(change);

  expect(await state("freeze")).toEqual(["CLOSED", undefined]);
  expect((await own.getDocument({ Name: "freeze" })).Content).toBe(Content);
  expect((await own.describeDocument({ Name: "freeze" })).Document).toMatchObject({
    DocumentType: "ChangeCalendar",
    DocumentFormat: "TEXT",
    LatestVersion: "2",
    Owner: FACTORY,
    Tags: [{ Key: "team", Value: "web" }],
  });
  await expectRefusal(own.updateDocument(change), "DuplicateDocumentContent");
  await own.deleteDocument({ Name: "freeze" });
  await expectRefusal(state("freeze"), "InvalidDocument");
});

test.each([
  ["no calendar", "hello", {}, "InvalidDocumentContent", "VCALENDAR"],
  ["no type", calendar(""), {}, "InvalidDocumentContent", "X-CALENDAR-TYPE"],
  ["no start", calendar("DEFAULT_OPEN", ["SUMMARY:x"]), {}, "InvalidDocumentContent", "DTSTART"],
  ["another format", calendar("DEFAULT_OPEN"), { DocumentFormat: "JSON" }, "InvalidDocumentContent", "TEXT"],
  ["another type", "{}", { DocumentType: "Command" }, "NotImplemented", "DocumentType Command"],
  ["too much", calendar("DEFAULT_OPEN") + " ".repeat(65_536), {}, "MaxDocumentSizeExceeded", "65536"],
  ["a name of AWS's", calendar("DEFAULT_OPEN"), { Name: "aws-freeze" }, "ValidationException", "reserved"],
])("%s is refused", async (_, content, more, name, message) => {
  const { create } = calendars();
  await expectRefusal(create("freeze", content, more), name, containing(message));
});

test("a time that cannot be read is refused", async () => {
  const { create, state } = calendars();
  await create("freeze", calendar("DEFAULT_OPEN"));
  await expectRefusal(state("freeze", "tomorrow"), "ValidationException");
});
