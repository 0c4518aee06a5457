import { expect, test } from "vitest";
import { decideTelling, noticeMonth } from "../../core/fleet/report-fleet.ts";

const at = (text: string) => new Date(text);
const waitSeconds = 3 * 86_400;

test("a month's notice is due from its day on, and until the next month's", () => {
  const months = [
    noticeMonth(at("2026-05-01T00:00:00Z"), 1),
    noticeMonth(at("2026-05-14T23:59:59Z"), 15),
    noticeMonth(at("2026-05-15T00:00:00Z"), 15),
    noticeMonth(at("2026-01-03T00:00:00Z"), 28),
    noticeMonth(at("2026-03-31T12:00:00Z"), 28),
  ];

  expect(months).toEqual(["2026-05", "2026-04", "2026-05", "2025-12", "2026-03"]);
});

test("EC2 is asked first, its reports are awaited, and missing ones are reported as unknown", () => {
  const told = { askedAt: "2026-05-01T08:00:00.000Z", done: false };

  const steps = [
    decideTelling(undefined, { now: at("2026-05-01T08:00:00Z"), waitSeconds }),
    decideTelling(told, { now: at("2026-05-04T07:59:59Z"), waitSeconds }),
    decideTelling(told, { now: at("2026-05-04T08:00:00Z"), waitSeconds }),
    decideTelling({ ...told, done: true }, { now: at("2026-05-04T08:00:00Z"), waitSeconds }),
  ];

  expect(steps).toEqual([
    { kind: "ask" },
    { kind: "look", patient: true },
    { kind: "look", patient: false },
    { kind: "nothing" },
  ]);
});
