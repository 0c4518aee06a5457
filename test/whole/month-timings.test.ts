import { stripVTControlCharacters } from "node:util";
import type { WorkTime } from "embedded-aws";
import { expect, test } from "vitest";
import { drawProfile } from "../../cli/try/draw-profile.ts";

const day = (date: string): number => Date.parse(date);

const spent: readonly WorkTime[] = [
  { kind: "function", name: "amint-acme-reconcile", day: day("2026-04-02"), ms: 900, begun: 24 },
  { kind: "function", name: "amint-acme-reconcile", day: day("2026-04-01"), ms: 300, begun: 6 },
  { kind: "operation", name: "dynamodb:Query", day: day("2026-04-02"), ms: 600, begun: 60 },
  { kind: "event loop", name: "", day: day("2026-04-01"), ms: 200, begun: 0 },
];

test("`npm start -- --timings` sums up by function and operation, by service, and by day", () => {
  const lines = drawProfile({ ms: 2_000, spent }).map((line) => stripVTControlCharacters(line).trimEnd());

  expect(lines.slice(lines.indexOf("") + 1)).toEqual([
    "── Where the time went ──",
    "Wall time of the month's one thread, 2.00 s with the profile itself. A function's time is its own",
    "code's; each call that it awaits counts for the operation.",
    "",
    "function or operation           seconds  share   times  ms each",
    "amint-acme-reconcile            1.20     60.0 %  30     40.00",
    "dynamodb:Query                  0.60     30.0 %  60     10.00",
    "event loop, garbage collection  0.20     10.0 %",
    "",
    "service                         seconds  share   times  ms each",
    "functions' own code             1.20     60.0 %  30     40.00",
    "dynamodb                        0.60     30.0 %  60     10.00",
    "event loop, garbage collection  0.20     10.0 %",
    "",
    "day         seconds  most of it",
    "2026-04-01  0.50     amint-acme-reconcile 0.30",
    "2026-04-02  1.50     amint-acme-reconcile 0.90, dynamodb:Query 0.60",
  ]);
});
